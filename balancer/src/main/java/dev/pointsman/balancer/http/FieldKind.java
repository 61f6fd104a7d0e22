package dev.pointsman.balancer.http;

import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The kind of a header field, by which a proxy knows what to do with it. Nearly all are {@link #PLAIN} and pass as they
 * are.
 */
public enum FieldKind {
    PLAIN,
    /** Passes, but only in a head: a recipient that merges trailers into it must not read something else by them. */
    HEAD_ONLY,
    /** Says which other fields concern this connection alone. */
    CONNECTION,
    /**
     * Concerns one connection (RFC 9110, 7.6.1), by standard or by habit. Proxy-Authenticate and Proxy-Authorization
     * are between a client and the proxy it knows of; this one asks for no credentials.
     */
    HOP_BY_HOP,
    /** The body's framing is made anew on each connection. */
    TRANSFER_CODING,
    /** Asks for another protocol on this connection. */
    UPGRADE,
    CONTENT_LENGTH,
    HOST,
    EXPECT,
    MAX_FORWARDS,
    REQUEST_ID,
    FORWARDED,
    FORWARDED_FOR,
    FORWARDED_HOST,
    FORWARDED_PORT,
    FORWARDED_PROTO,
    FORWARDED_PREFIX;

    private static final Named[][] BY_LENGTH = byLength(Stream.of(
            named(CONNECTION, "connection"),
            named(HOP_BY_HOP, "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te"),
            named(TRANSFER_CODING, "transfer-encoding"),
            named(UPGRADE, "upgrade"),
            named(CONTENT_LENGTH, "content-length"),
            named(HOST, "host"),
            named(EXPECT, "expect"),
            named(MAX_FORWARDS, "max-forwards"),
            named(REQUEST_ID, "x-request-id"),
            named(FORWARDED, "forwarded"),
            named(FORWARDED_FOR, "x-forwarded-for"),
            named(FORWARDED_HOST, "x-forwarded-host"),
            named(FORWARDED_PORT, "x-forwarded-port"),
            named(FORWARDED_PROTO, "x-forwarded-proto"),
            named(FORWARDED_PREFIX, "x-forwarded-prefix"),
            named(HEAD_ONLY, "authorization", "cache-control", "cookie", "set-cookie", "trailer", "via"),
            named(HEAD_ONLY, "content-encoding", "content-range", "content-type")));

    private record Named(AsciiString name, FieldKind kind) {}

    private static Stream<Named> named(FieldKind kind, String... names) {
        return Arrays.stream(names).map(name -> new Named(AsciiString.cached(name), kind));
    }

    private static Named[][] byLength(Stream<Stream<Named>> all) {
        Named[][] table = new Named[20][0];
        all.flatMap(some -> some).forEach(named -> {
            int length = named.name.length();
            table[length] = Arrays.copyOf(table[length], table[length].length + 1);
            table[length][table[length].length - 1] = named;
        });
        return table;
    }

    /** The kind of a field; names are compared without regard to case. */
    public static FieldKind of(CharSequence name) {
        int length = name.length();
        if (length < BY_LENGTH.length) {
            for (Named named : BY_LENGTH[length]) {
                if (named.name.contentEqualsIgnoreCase(name)) {
                    return named.kind;
                }
            }
        }
        return PLAIN;
    }

    /** Whether it stays behind when a response, or an interim one, is passed on. */
    public boolean isHopByHop() {
        return this == CONNECTION || this == HOP_BY_HOP || this == TRANSFER_CODING || this == UPGRADE;
    }

    /** Whether Connection may name it and so have it taken off: never what routing, framing and trust rest on. */
    public boolean mayBeNamedByConnection() {
        return switch (this) {
            case PLAIN, HEAD_ONLY, HOP_BY_HOP, UPGRADE, EXPECT, REQUEST_ID -> true;
            default -> false;
        };
    }

    /** Whether it may stand in a trailer section: not what framing, routing and this hop rest on (RFC 9110, 6.5.1). */
    public boolean mayBeTrailer() {
        return this == PLAIN;
    }
}
