package dev.pointsman.balancer.explain;

import dev.pointsman.pool.RequestFacts;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A connection of TCP that is asked about, and not made.
 *
 * @param port that it would come to
 * @param name that it would ask for by TLS, in lower case; null for none
 * @param clientAddress the client's address; null if it is not given
 */
public record AskedConnection(
        int port, @Nullable String name, @Nullable String clientAddress) implements RequestFacts {
    private static final String SCHEME = "tcp://";
    private static final Pattern FORM = Pattern.compile("tcp://([A-Za-z0-9.-]*):(\\d{1,5})/?");

    /** Whether a URL is about a connection, and not a request. */
    public static boolean isAbout(String url) {
        return url.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /**
     * The connection of a URL: {@code tcp://:5432}, {@code tcp://db.example.com:8443}.
     *
     * @param problems takes a sentence if it is none
     * @return null if it is none
     */
    public static @Nullable AskedConnection of(String url, @Nullable String clientAddress, List<String> problems) {
        Matcher matcher = FORM.matcher(url.toLowerCase(Locale.ROOT));
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65535) {
            problems.add(
                    "url: \"" + url
                            + "\" (expected: tcp://:PORT, or tcp://NAME:PORT where the name that clients ask for by TLS counts)");
            return null;
        }
        String name = matcher.group(1);
        return new AskedConnection(Integer.parseInt(matcher.group(2)), name.isEmpty() ? null : name, clientAddress);
    }

    /** As it was asked about. */
    String url() {
        return SCHEME + (name == null ? "" : name) + ":" + port;
    }
}
