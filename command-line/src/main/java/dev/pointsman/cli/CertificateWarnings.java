package dev.pointsman.cli;

import dev.pointsman.balancer.config.TlsConfig;
import dev.pointsman.balancer.tls.BadTlsFileException;
import dev.pointsman.balancer.tls.CertificateFiles;
import dev.pointsman.balancer.tls.CertificateFolder;
import dev.pointsman.balancer.tls.ServerCertificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** A look at certificates that can be used: what clients will not like about them all the same, such as their time. */
final class CertificateWarnings {
    private CertificateWarnings() {}

    /** A sentence each. Blocks on the disk. */
    static List<String> of(TlsConfig tls) {
        List<String> warnings = new ArrayList<>();
        try {
            List<CertificateFiles> all = new ArrayList<>(tls.certificates());
            CertificateFolder folder = tls.folder();
            if (folder != null) {
                all.addAll(folder.files());
            }
            for (CertificateFiles each : all) {
                warnings.addAll(
                        ServerCertificate.read(each).warnings(Clock.systemUTC().instant()));
            }
        } catch (BadTlsFileException changed) {
            // They could be read a moment ago.
            warnings.add(String.valueOf(changed.getMessage()));
        }
        return warnings;
    }
}
