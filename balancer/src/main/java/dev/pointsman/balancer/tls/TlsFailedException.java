package dev.pointsman.balancer.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown where an instance was reached, and TLS with it failed, so that nothing was sent to it. The message is the end of a sentence about
 * the instance.
 */
public final class TlsFailedException extends IOException {
    private static final long serialVersionUID = 1;

    private final TlsFlaw flaw;

    private TlsFailedException(TlsFlaw flaw, String message, Throwable cause) {
        super(message, cause);
        this.flaw = flaw;
    }

    /** The failure of a handshake, told by what has caused it. */
    public static TlsFailedException of(Throwable cause) {
        for (Throwable each = cause; each != null; each = causeOf(each)) {
            if (each instanceof RefusedCertificateException refused) {
                return new TlsFailedException(refused.flaw(), String.valueOf(refused.getMessage()), cause);
            }
            if (each instanceof NotSslRecordException) {
                return new TlsFailedException(TlsFlaw.HANDSHAKE, "it does not speak TLS", cause);
            }
        }
        boolean closed = !(cause instanceof SSLException) || cause.getCause() instanceof ClosedChannelException;
        return new TlsFailedException(
                TlsFlaw.HANDSHAKE,
                closed
                        ? "it closed the connection during the TLS handshake"
                        : "the TLS handshake failed: " + cause.getMessage(),
                cause);
    }

    private static @Nullable Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == failure ? null : cause;
    }

    /** What kept TLS from standing. */
    public TlsFlaw flaw() {
        return flaw;
    }
}
