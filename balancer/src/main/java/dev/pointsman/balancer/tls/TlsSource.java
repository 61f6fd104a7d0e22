package dev.pointsman.balancer.tls;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where certificates come from, and what is asked of clients. Immutable.
 *
 * @param certificates the first is for clients that ask for no name, or for one that no certificate is for
 * @param folder more of them, behind those; null for none
 * @param clientCa a PEM file of authorities whose certificates clients may show; null if they are asked for none
 * @param clientCertRequired whether a client without one is refused
 * @param fromTls13 whether TLS 1.3 is the least that clients may speak, and not 1.2
 */
public record TlsSource(
        List<CertificateFiles> certificates,
        @Nullable CertificateFolder folder,
        @Nullable Path clientCa,
        boolean clientCertRequired,
        boolean fromTls13) {
    public TlsSource {
        certificates = List.copyOf(certificates);
    }
}
