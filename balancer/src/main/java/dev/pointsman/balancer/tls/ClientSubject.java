package dev.pointsman.balancer.tls;

import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The subject of the certificate that a client has shown and that was found to be valid. */
public final class ClientSubject {
    private ClientSubject() {}

    /**
     * The subject as RFC 4514 writes it, {@code CN=alice,O=Shop}: in printable ASCII alone, so that it can be a header field, with each
     * byte of other characters as {@code \XX} (2.4). Null for a client without a certificate.
     */
    public static @Nullable String of(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate first
                    ? printable(first.getSubjectX500Principal().getName())
                    : null;
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    static String printable(String name) {
        StringBuilder text = new StringBuilder(name.length());
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            if (each >= ' ' && each <= '~') {
                text.append((char) each);
            } else {
                text.append(String.format(Locale.ROOT, "\\%02X", each));
            }
        }
        return text.toString();
    }
}
