package dev.pointsman.balancer.downstream;

/** Thrown for a handshake of TLS that comes where clear text is spoken. */
public final class TlsInClearTextException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** The failure to decode it as a request. */
    public TlsInClearTextException() {
        super("a handshake of TLS");
    }
}
