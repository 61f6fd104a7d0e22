package dev.pointsman.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rule of who may call a port that asks for no credentials: programs, and no page of the web that happens to be open
 * in a browser on this machine.
 *
 * <p>A page reaches such a port by its address, and then the browser says where the page is from (Origin, and
 * Sec-Fetch-Site of the Fetch Metadata draft); or by a name of its own that it has resolved to this machine's address
 * (DNS rebinding), and then only Host tells. So a request with a foreign Origin or Sec-Fetch-Site is refused on every
 * port; and on a port of loopback, or where names were given, one whose Host is neither an IP address nor localhost nor
 * one of those names. Programs send neither of the first two, and as Host what they were told to call. Immutable,
 * thread-safe.
 */
public final class CallerRule {
    private static final Set<String> ANYWHERE = Set.of("0.0.0.0", "::", "[::]", "");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private final boolean anywhere;
    private final String listenName;
    private final Set<String> names;

    /**
     * The rule of a port.
     *
     * @param listenHost the address that it listens on; where it is a name, the port may be called by it
     * @param names other names by which it may be called, besides localhost
     */
    public CallerRule(String listenHost, List<String> names) {
        this.anywhere = ANYWHERE.contains(listenHost);
        this.names = names.stream().map(CallerRule::plain).collect(Collectors.toUnmodifiableSet());
        this.listenName = plain(listenHost);
    }

    /** Whether a text can be one of the names: a host without a port, and no pattern. */
    public static boolean isName(String text) {
        return !text.isEmpty() && text.indexOf(':') < 0 && text.indexOf('*') < 0 && Authority.isValidHost(text);
    }

    /**
     * Why a request is refused, or null if it is not.
     *
     * @param target as in the request line
     * @param loopback whether the connection ends at a loopback address of this machine
     */
    @Nullable
    PortRefusal refusal(String target, HttpHeaders fields, boolean loopback) {
        String host = fields.get(HttpHeaderNames.HOST);
        boolean guarded = !names.isEmpty() || (loopback && !anywhere);
        if (guarded && !(isOwn(host) && isOwn(authorityOf(target)))) {
            return PortRefusal.FOREIGN_HOST;
        }
        for (String site : fields.getAll("Sec-Fetch-Site")) {
            if (!OWN_SITE.contains(site.strip().toLowerCase(Locale.ROOT))) {
                return PortRefusal.FOREIGN_PAGE;
            }
        }
        for (String origin : fields.getAll(HttpHeaderNames.ORIGIN)) {
            if (!isOwnOrigin(origin.strip(), host)) {
                return PortRefusal.FOREIGN_PAGE;
            }
        }
        return null;
    }

    private boolean isOwn(@Nullable String authority) {
        if (authority == null) {
            // HTTP/1.0, which no browser speaks, and targets without an authority.
            return true;
        }
        String name = plain(hostOf(authority));
        return NetUtil.isValidIpV4Address(name)
                || name.startsWith("[")
                || name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals(listenName)
                || names.contains(name);
    }

    /** A name as it is compared: in lower case, without the dot of the root. */
    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** The host of an authority that was found to be valid, see {@link Authority}. */
    private static String hostOf(String authority) {
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        return end <= 0 ? authority : authority.substring(0, end);
    }

    /** The authority of a target in absolute-form; null for any other. */
    private static @Nullable String authorityOf(String target) {
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        if (scheme < 0) {
            return null;
        }
        int start = scheme + 3;
        int end = start;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        return target.substring(start, end);
    }

    private static boolean isOwnOrigin(String origin, @Nullable String host) {
        String authority = authorityOf(origin);
        return authority != null && authority.equalsIgnoreCase(host);
    }
}
