package dev.pointsman.balancer.http;

import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kind of a header field, by which a proxy knows what to do with it. Nearly all are {@link #PLAIN} and pass as they
 * are.
 *
 * <p>CGI, and WSGI, Rack and PHP after it, tell fields apart by names in which {@code -} has become {@code _}: to those
 * programs {@code X_Real_IP} is X-Real-IP. Such a spelling has a kind too, see {@link #spelledWithUnderscores}.
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
    /** Ties what several programs saw of one request together (W3C Trace Context); passes as it came where we do not trace. */
    TRACE_CONTEXT,
    /** The subject of the client's certificate, which this proxy alone tells: never believed of anybody. */
    CLIENT_SUBJECT,
    FORWARDED,
    FORWARDED_FOR,
    FORWARDED_HOST,
    FORWARDED_PORT,
    FORWARDED_PROTO,
    FORWARDED_PREFIX,
    /**
     * Says where a request came from, or what was asked for before a rewrite, by a name that this proxy does not write:
     * any other beginning with X-Forwarded or Forwarded-, and those of {@link #CLAIMS}. Believed by programs behind a
     * proxy that they take to have written it.
     */
    FORWARDING_CLAIM;

    /**
     * The names of forwarding fields besides those that begin with X-Forwarded or Forwarded-. docs/configuration.md
     * lists them.
     */
    static final List<String> CLAIMS = List.of(
            "ali-cdn-real-ip",
            "cdn-real-ip",
            "cdn-src-ip",
            "cf-connecting-ip",
            "cf-connecting-ipv6",
            "cf-pseudo-ipv4",
            "cf-visitor",
            "client-ip",
            "cloudfront-forwarded-proto",
            "cloudfront-viewer-address",
            "cluster-client-ip",
            "coming-from",
            "do-connecting-ip",
            "fastly-client-ip",
            "fastly-ssl",
            "fly-client-ip",
            "front-end-https",
            "https",
            "incap-client-ip",
            "original-forwarded-for",
            "proxy-client-ip",
            "real-ip",
            "remote-addr",
            "remote-ip",
            "ssl-client-cert",
            "ssl-client-verify",
            "true-client-ip",
            "wl-proxy-client-ip",
            "wl-proxy-ssl",
            "x-appengine-user-ip",
            "x-appengine-remote-addr",
            "x-arr-ssl",
            "x-azure-clientip",
            "x-azure-socketip",
            "x-cdn-src-ip",
            "x-client-ip",
            "x-client-ip-address",
            "x-client-port",
            "x-cluster-client-ip",
            "x-coming-from",
            "x-envoy-external-address",
            "x-envoy-original-host",
            "x-envoy-original-path",
            "x-forward-for",
            "x-host",
            "x-http-host-override",
            "x-https",
            "x-nf-client-connection-ip",
            "x-original-forwarded-for",
            "x-original-host",
            "x-original-method",
            "x-original-proto",
            "x-original-remote-addr",
            "x-original-uri",
            "x-original-url",
            "x-originating-ip",
            "x-proto",
            "x-proxy-user-ip",
            "x-proxyuser-ip",
            "x-real-ip",
            "x-real-port",
            "x-real-proto",
            "x-remote-addr",
            "x-remote-ip",
            "x-replaced-path",
            "x-rewrite-uri",
            "x-rewrite-url",
            "x-scheme",
            "x-ssl",
            "x-ssl-client-cert",
            "x-ssl-client-verify",
            "x-sucuri-clientip",
            "x-true-client-ip",
            "x-url-scheme",
            "x-vercel-forwarded-for",
            "x-vercel-proxied-for");

    private static final AsciiString X_FORWARDED = AsciiString.cached("x-forwarded");
    private static final AsciiString FORWARDED_AND_MORE = AsciiString.cached("forwarded-");

    /** All names that have a kind, by {@link #bucket}; most names of fields that have none find theirs empty. */
    private static final Named[][] BUCKETS = buckets(Stream.of(
            named(CONNECTION, "connection"),
            named(HOP_BY_HOP, "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te"),
            named(TRANSFER_CODING, "transfer-encoding"),
            named(UPGRADE, "upgrade"),
            named(CONTENT_LENGTH, "content-length"),
            named(HOST, "host"),
            named(EXPECT, "expect"),
            named(MAX_FORWARDS, "max-forwards"),
            named(REQUEST_ID, "x-request-id"),
            named(TRACE_CONTEXT, "traceparent", "tracestate"),
            named(CLIENT_SUBJECT, "x-client-cert-subject"),
            named(FORWARDED, "forwarded"),
            named(FORWARDED_FOR, "x-forwarded-for"),
            named(FORWARDED_HOST, "x-forwarded-host"),
            named(FORWARDED_PORT, "x-forwarded-port"),
            named(FORWARDED_PROTO, "x-forwarded-proto"),
            named(FORWARDED_PREFIX, "x-forwarded-prefix"),
            named(
                    HEAD_ONLY,
                    "authorization",
                    "cache-control",
                    "cookie",
                    "set-cookie",
                    "trailer",
                    "via",
                    "x-pointsman-explain"),
            named(HEAD_ONLY, "content-encoding", "content-range", "content-type"),
            named(FORWARDING_CLAIM, CLAIMS.toArray(new String[0]))));

    private record Named(AsciiString name, FieldKind kind) {}

    private static Stream<Named> named(FieldKind kind, String... names) {
        return Arrays.stream(names).map(name -> new Named(AsciiString.cached(name), kind));
    }

    private static Named[][] buckets(Stream<Stream<Named>> all) {
        Named[][] table = new Named[512][0];
        all.flatMap(some -> some).forEach(named -> {
            AsciiString name = named.name;
            int bucket = bucket(name.length(), name.charAt(0), name.charAt(name.length() - 1));
            table[bucket] = Arrays.copyOf(table[bucket], table[bucket].length + 1);
            table[bucket][table[bucket].length - 1] = named;
        });
        return table;
    }

    private static int bucket(int length, char first, char last) {
        return (length * 37 + first * 5 + last * 11) & 511;
    }

    /** The kind of a field; names are compared without regard to case. */
    public static FieldKind of(CharSequence name) {
        int length = name.length();
        if (length == 0) {
            return PLAIN;
        }
        char first = folded(name.charAt(0));
        for (Named named : BUCKETS[bucket(length, first, folded(name.charAt(length - 1)))]) {
            if (named.name.contentEqualsIgnoreCase(name)) {
                return named.kind;
            }
            if (named.name.length() == length && begins(name, named.name)) {
                return named.kind.spelledWithUnderscores();
            }
        }
        boolean claim =
                (first == 'x' && begins(name, X_FORWARDED)) || (first == 'f' && begins(name, FORWARDED_AND_MORE));
        return claim ? FORWARDING_CLAIM : PLAIN;
    }

    /** Whether a name begins with another one, where case makes no difference, nor does {@code _} for {@code -}. */
    private static boolean begins(CharSequence name, AsciiString with) {
        int length = with.length();
        if (name.length() < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (folded(name.charAt(i)) != with.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static char folded(char c) {
        if (c >= 'A' && c <= 'Z') {
            return (char) (c + ('a' - 'A'));
        }
        return c == '_' ? '-' : c;
    }

    /** Whether a name is spelled with an underscore. */
    static boolean hasUnderscore(CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '_') {
                return true;
            }
        }
        return false;
    }

    /**
     * The kind of a field that is this one but for underscores: it has no effect here, and may have one in the program
     * that it arrives at.
     */
    private FieldKind spelledWithUnderscores() {
        return switch (this) {
            case CLIENT_SUBJECT -> CLIENT_SUBJECT;
            case REQUEST_ID, FORWARDING_CLAIM -> FORWARDING_CLAIM;
            case FORWARDED, FORWARDED_FOR, FORWARDED_HOST, FORWARDED_PORT, FORWARDED_PROTO, FORWARDED_PREFIX ->
                FORWARDING_CLAIM;
            default -> HEAD_ONLY;
        };
    }

    /** Whether it stays behind when a response, or an interim one, is passed on. */
    public boolean isHopByHop() {
        return this == CONNECTION || this == HOP_BY_HOP || this == TRANSFER_CODING || this == UPGRADE;
    }

    /** Whether Connection may name it and so have it taken off: never what routing, framing and trust rest on. */
    public boolean mayBeNamedByConnection() {
        return switch (this) {
            case PLAIN, HEAD_ONLY, HOP_BY_HOP, UPGRADE, EXPECT, REQUEST_ID, TRACE_CONTEXT -> true;
            default -> false;
        };
    }

    /** Whether it may stand in a trailer section: not what framing, routing and this hop rest on (RFC 9110, 6.5.1). */
    public boolean mayBeTrailer() {
        return this == PLAIN;
    }
}
