package dev.pointsman.balancer.config;

import dev.pointsman.balancer.tls.CertificateFiles;
import dev.pointsman.balancer.tls.CertificateFolder;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken with clients. Immutable.
 *
 * @param certificates the first is for clients that ask for no name, or for one that no certificate is for
 * @param folder more of them; null for none
 * @param clientCa a PEM file of authorities whose certificates clients may show; null, the default, if they are asked for none
 * @param clientAuth what that means for clients without one
 * @param fromTls13 whether TLS 1.3 is the least, and not 1.2
 * @param engine what does it
 * @param redirectPort the port to which clear-text requests are sent; 0 for that of the first listener with TLS, -1 for nowhere: they
 *     are served
 * @param hstsSeconds for so long browsers are told to come by TLS alone; -1 for not telling them
 */
public record TlsConfig(
        List<CertificateFiles> certificates,
        @Nullable CertificateFolder folder,
        @Nullable Path clientCa,
        ClientAuth clientAuth,
        boolean fromTls13,
        TlsEngine engine,
        int redirectPort,
        int hstsSeconds) {
    /** The value of {@code redirectPort} and of {@code hstsSeconds} for neither. */
    public static final int NONE = -1;

    public TlsConfig {
        certificates = List.copyOf(certificates);
    }
}
