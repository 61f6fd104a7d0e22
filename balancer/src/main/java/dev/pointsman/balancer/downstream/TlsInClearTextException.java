package dev.pointsman.balancer.downstream;

/** Thrown for a handshake of TLS that came where clear text is spoken. */
public final class TlsInClearTextException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** For a connection that began so. */
    public TlsInClearTextException() {
        super("a handshake of TLS");
    }
}
