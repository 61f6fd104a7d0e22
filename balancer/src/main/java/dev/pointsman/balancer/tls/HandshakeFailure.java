package dev.pointsman.balancer.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Locale;

/** Why a handshake with a client has failed. */
public enum HandshakeFailure {
    /** What came first is no TLS. */
    NOT_TLS,
    /** The client was not through with it in time. */
    TIMEOUT,
    /** The client has left in the middle. */
    CLOSED,
    /** There is no version of TLS, or no suite, that both sides know. */
    NOTHING_IN_COMMON,
    /** The client has shown no certificate, where it has to. */
    NO_CLIENT_CERTIFICATE,
    /** The client has shown a certificate that is not valid here. */
    BAD_CLIENT_CERTIFICATE,
    /** The client has refused the certificate that it was shown, or said that something else is wrong. */
    REFUSED_BY_CLIENT,
    /** Anything else, such as bytes that have no meaning. */
    OTHER;

    /** What both engines say, in lower case; there are no types or codes for it. */
    private static final List<String> SAYS_CLIENT = List.of("received fatal alert", "_alert_");

    private static final List<String> SAYS_NO_CERTIFICATE =
            List.of("empty client certificate chain", "peer_did_not_return_a_certificate");

    private static final List<String> SAYS_NOTHING_IN_COMMON = List.of(
            "in common",
            "is not enabled or",
            "not accepted by server preferences",
            "unsupported_protocol",
            "no_shared_cipher",
            "no_common_signature",
            "no_shared_group",
            "wrong_curve",
            "unsupported protocol",
            "no application layer",
            "no_application_protocol");

    private static final List<String> SAYS_BAD_CERTIFICATE = List.of(
            "pkix",
            "path building",
            "path does not chain",
            "certificate_verify_failed",
            "certpath",
            "extended key usage");

    /** The word for it in metrics: {@code bad-client-certificate}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What an exception of a handshake means. */
    static HandshakeFailure of(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            HandshakeFailure known = byType(cause);
            if (known == OTHER) {
                known = byText(String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT));
            }
            if (known != OTHER) {
                return known;
            }
        }
        return OTHER;
    }

    private static HandshakeFailure byType(Throwable cause) {
        if (cause instanceof NotSslRecordException) {
            return NOT_TLS;
        }
        if (cause instanceof SslHandshakeTimeoutException) {
            return TIMEOUT;
        }
        boolean left = cause instanceof ClosedChannelException
                || cause.getClass().equals(IOException.class)
                || cause instanceof java.net.SocketException;
        return left ? CLOSED : OTHER;
    }

    private static HandshakeFailure byText(String text) {
        if (SAYS_CLIENT.stream().anyMatch(text::contains)) {
            return REFUSED_BY_CLIENT;
        }
        if (SAYS_NO_CERTIFICATE.stream().anyMatch(text::contains)) {
            return NO_CLIENT_CERTIFICATE;
        }
        if (SAYS_BAD_CERTIFICATE.stream().anyMatch(text::contains)) {
            return BAD_CLIENT_CERTIFICATE;
        }
        return SAYS_NOTHING_IN_COMMON.stream().anyMatch(text::contains) ? NOTHING_IN_COMMON : OTHER;
    }
}
