package dev.pointsman.balancer.http;

import java.util.Locale;

/** What instances are spoken to in: a version of HTTP, in clear text or over TLS. */
public enum UpstreamProtocol {
    /** HTTP/1.1 in clear text. */
    HTTP(false, false),
    /** HTTP/1.1 over TLS. */
    HTTPS(false, true),
    /** HTTP/2 in clear text, by prior knowledge (RFC 9113, 3.3). */
    H2C(true, false),
    /** HTTP/2 over TLS, by ALPN (RFC 9113, 3.2). */
    H2(true, true),
    /** gRPC in clear text: HTTP/2 by prior knowledge, and our own failures are told as statuses of gRPC. */
    GRPC(true, false),
    /** The same over TLS. */
    GRPCS(true, true);

    private final boolean http2;
    private final boolean tls;

    UpstreamProtocol(boolean http2, boolean tls) {
        this.http2 = http2;
        this.tls = tls;
    }

    /** Whether it is HTTP/2. */
    public boolean isHttp2() {
        return http2;
    }

    /** Whether it is spoken over TLS. */
    public boolean isTls() {
        return tls;
    }

    /** The same over TLS; this one if it is already. */
    public UpstreamProtocol overTls() {
        return switch (this) {
            case HTTP -> HTTPS;
            case H2C -> H2;
            case GRPC -> GRPCS;
            case HTTPS, H2, GRPCS -> this;
        };
    }

    /** Whether what is sent is gRPC. */
    public boolean isGrpc() {
        return this == GRPC || this == GRPCS;
    }

    /** Whether it can be spoken by now. */
    public boolean isServed() {
        return true;
    }

    /** As it is written in settings: {@code h2c}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
