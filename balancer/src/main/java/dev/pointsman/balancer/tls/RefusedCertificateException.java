package dev.pointsman.balancer.tls;

import java.security.cert.CertificateException;

/** Thrown in a handshake whose other side has shown a certificate that does not count here; the message says why. */
final class RefusedCertificateException extends CertificateException {
    private static final long serialVersionUID = 1;

    private final TlsFlaw flaw;

    RefusedCertificateException(TlsFlaw flaw, String why, Throwable cause) {
        super(why, cause);
        this.flaw = flaw;
    }

    TlsFlaw flaw() {
        return flaw;
    }
}
