package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.balancer.route.HostPattern.HostKind;
import dev.pointsman.balancer.route.RequestMatch;
import dev.pointsman.balancer.route.RouteKey;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The source of a command in fabio's language: which requests it is about. {@code /path} (any host), {@code host/path},
 * {@code host} alone (all its paths), or {@code :port} for a TCP listener. Immutable.
 *
 * @param host the requested host, possibly with a port and possibly a {@link Glob}; empty for any
 * @param path how paths begin, or a glob of them, by the matcher; empty for a TCP listener
 */
public record FabioSource(String host, String path) {
    /** The source as it is written; the host stays in the case in which it is given. */
    static FabioSource asWritten(String text) {
        if (text.startsWith(":")) {
            return new FabioSource(text, "");
        }
        int slash = text.indexOf('/');
        return slash < 0
                ? new FabioSource(text, "/")
                : new FabioSource(text.substring(0, slash), text.substring(slash));
    }

    /** The source as it is added to the table: its host is in lower case. */
    public static FabioSource of(String text) {
        FabioSource written = asWritten(text);
        return new FabioSource(written.host.toLowerCase(Locale.ROOT), written.path);
    }

    /** The key of the route. Only a host that no other can match, and that names no port, is an exact one. */
    public RouteKey key(FabioMatcher matcher) {
        boolean isExact = Glob.isLiteral(host) && host.indexOf(':') < 0;
        HostKind kind = host.isEmpty() ? HostKind.ANY : isExact ? HostKind.EXACT : HostKind.GLOB;
        return new RouteKey(new HostPattern(kind, host), path, RequestMatch.ANY, matcher.matching());
    }

    /** The key of a route of connections: of a port, or of a name on each port that passes TLS through; null if it can be none. */
    public @Nullable RouteKey tcpKey() {
        if (isTcp()) {
            boolean isPort = host.matches(":\\d{1,5}");
            return isPort ? RouteKey.ofPort(Integer.parseInt(host.substring(1)), HostPattern.ANY) : null;
        }
        HostPattern name = path.equals("/") ? HostPattern.parse(host) : null;
        return name == null || name.equals(HostPattern.ANY) ? null : RouteKey.ofPassthrough(name);
    }

    /** Whether it is for a listener of TCP. */
    public boolean isTcp() {
        return path.isEmpty();
    }

    @Override
    public String toString() {
        return host + path;
    }
}
