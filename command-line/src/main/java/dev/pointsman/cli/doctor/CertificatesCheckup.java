package dev.pointsman.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the certificates towards Consul and towards instances can be read and are valid for a while. Source: a certificate that expires looks like a registry that is
 * down, on every machine in the same second.
 */
final class CertificatesCheckup implements Checkup {
    private static final Use TO_CONSUL =
            new Use("Consul", "put a new one there, and start the balancer anew: it reads certificates at its start");
    private static final Use TO_INSTANCES = new Use("instances over TLS", "put a new one there: the balancer notices");
    private static final Duration SOON = Duration.ofDays(14);

    /**
     * What certificates are for.
     *
     * @param to whom
     * @param todo what to do where one ends
     */
    private record Use(String to, String todo) {}

    private final Map<String, Path> files;
    private final Map<String, Path> upstream;
    private final InstantSource clock;

    /**
     * A look at files.
     *
     * @param files PEM files towards Consul, by the variables that name them
     * @param upstream the same towards instances, by the settings
     */
    CertificatesCheckup(Map<String, Path> files, Map<String, Path> upstream, InstantSource clock) {
        this.files = new LinkedHashMap<>(files);
        this.upstream = new LinkedHashMap<>(upstream);
        this.clock = clock;
    }

    @Override
    public List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        files.forEach((name, file) -> found.add(look(name + "=" + file, file, TO_CONSUL)));
        upstream.forEach((name, file) -> found.add(look(name + ": " + file, file, TO_INSTANCES)));
        return found;
    }

    private Finding look(String where, Path file, Use use) {
        try (InputStream in = Files.newInputStream(file)) {
            Instant first = Instant.MAX;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                if (each instanceof X509Certificate certificate
                        && certificate.getNotAfter().toInstant().isBefore(first)) {
                    first = certificate.getNotAfter().toInstant();
                }
            }
            if (first.equals(Instant.MAX)) {
                return unreadable(where, "there is no certificate in it", use);
            }
            Instant now = clock.instant();
            String why = "from then on no connection to " + use.to() + " stands";
            String todo = use.todo();
            if (first.isBefore(now)) {
                return Finding.error(DoctorCheck.CERTIFICATES, where, "expired at " + first, why, todo);
            }
            return first.isBefore(now.plus(SOON))
                    ? Finding.warning(DoctorCheck.CERTIFICATES, where, "expires at " + first, why, todo)
                    : Finding.ok(DoctorCheck.CERTIFICATES, where, "is valid until " + first);
        } catch (IOException | GeneralSecurityException failed) {
            return unreadable(where, String.valueOf(failed.getMessage()), use);
        }
    }

    private static Finding unreadable(String where, String why, Use use) {
        return Finding.error(
                DoctorCheck.CERTIFICATES,
                where,
                "cannot be read as a certificate: " + why,
                "no connection to " + use.to() + " stands",
                "name a PEM file that this user can read");
    }
}
