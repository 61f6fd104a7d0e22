package dev.pointsman.balancer.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The judge of the certificates that instances show: the JDK's, which also checks the name, and which of its reasons it was. A
 * certificate that is itself among those that are trusted has to be valid, too; the JDK would not look at its dates. Thread-safe.
 */
final class InstanceTrust extends X509ExtendedTrustManager {
    private static final int MOST_NAMES = 5;

    /** The kinds of alternative names that can be an instance's (RFC 5280, 4.2.1.6): a DNS name, an IP address. */
    private static final List<Integer> NAMES = List.of(2, 7);

    private final X509ExtendedTrustManager authorities;

    InstanceTrust(X509ExtendedTrustManager authorities) {
        this.authorities = authorities;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        try {
            chain[0].checkValidity();
            authorities.checkServerTrusted(chain, type, engine);
        } catch (CertificateException refused) {
            throw explained(refused, chain, type, String.valueOf(engine.getPeerHost()));
        }
    }

    private RefusedCertificateException explained(
            CertificateException refused, X509Certificate[] chain, String type, String name) {
        if (isOfTime(refused)) {
            return new RefusedCertificateException(TlsFlaw.EXPIRED, dates(chain), refused);
        }
        if (isTrusted(chain, type)) {
            return new RefusedCertificateException(
                    TlsFlaw.WRONG_NAME,
                    "its certificate is for " + names(chain[0]) + ", not for " + name
                            + " (expected: that name among them, or server-name)",
                    refused);
        }
        return new RefusedCertificateException(
                TlsFlaw.NOT_TRUSTED,
                "its certificate, issued by " + chain[chain.length - 1].getIssuerX500Principal()
                        + ", leads to no authority that is trusted (expected: one of upstream-ca, or else of the JDK)",
                refused);
    }

    private static boolean isOfTime(Throwable failure) {
        Throwable each = failure;
        while (each != null) {
            if (each instanceof CertificateExpiredException || each instanceof CertificateNotYetValidException) {
                return true;
            }
            each = each.getCause() == each ? null : each.getCause();
        }
        return false;
    }

    /** Whether it counts but for the name. */
    private boolean isTrusted(X509Certificate[] chain, String type) {
        try {
            authorities.checkServerTrusted(chain, type);
            return true;
        } catch (CertificateException unknown) {
            return false;
        }
    }

    private static String dates(X509Certificate[] chain) {
        for (int i = 0; i < chain.length; i++) {
            X509Certificate each = chain[i];
            String which = i == 0 ? "its certificate" : "the certificate of its issuer";
            try {
                each.checkValidity();
            } catch (CertificateExpiredException past) {
                return which + " expired at " + each.getNotAfter().toInstant();
            } catch (CertificateNotYetValidException future) {
                return which + " is not valid before " + each.getNotBefore().toInstant();
            }
        }
        return "the certificate of an authority that its own leads to is not valid now";
    }

    private static String names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            String known = names == null
                    ? ""
                    : names.stream()
                            .filter(name -> NAMES.contains(name.get(0)))
                            .limit(MOST_NAMES)
                            .map(name -> String.valueOf(name.get(1)))
                            .collect(Collectors.joining(", "));
            return known.isEmpty() ? "no name" : known;
        } catch (CertificateParsingException unreadable) {
            return "names that cannot be read";
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        authorities.checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        try {
            chain[0].checkValidity();
            authorities.checkServerTrusted(chain, type, socket);
        } catch (CertificateException refused) {
            String name = socket instanceof SSLSocket tls
                    ? String.valueOf(tls.getHandshakeSession().getPeerHost())
                    : "that name";
            throw explained(refused, chain, type, name);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("clients are not judged here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("clients are not judged here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("clients are not judged here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}
