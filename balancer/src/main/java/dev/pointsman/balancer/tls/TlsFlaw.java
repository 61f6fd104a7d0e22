package dev.pointsman.balancer.tls;

/** What keeps TLS to an instance from standing. */
public enum TlsFlaw {
    /** The handshake failed: another protocol is spoken there, or the two sides have no version, cipher or protocol in common. */
    HANDSHAKE,
    /** No authority that is trusted has issued the instance's certificate. */
    NOT_TRUSTED,
    /** The instance's certificate, or one of those that issued it, has expired or is not valid yet. */
    EXPIRED,
    /** The instance's certificate is for other names. */
    WRONG_NAME
}
