package dev.pointsman.balancer.route;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An upstream that is written down in a route instead of being listed by a registry, as nginx's {@code server} line has it.
 * Immutable.
 *
 * @param host a host name, or an IP literal without brackets; in lower case. A name is looked up for each new connection
 * @param port the TCP port, 1 to 65535
 * @param weight its share of the requests, relative to its siblings; 1 by default, 0 for none, 65535 at most
 * @param down whether it gets no request, and no check either; not by default
 * @param backup whether it serves only while no other can; not by default
 * @param scheme what stands before it: how it is spoken to
 */
public record StaticUpstream(String host, int port, int weight, boolean down, boolean backup, UpstreamScheme scheme) {
    /** The schemes of what is written down. */
    public enum UpstreamScheme {
        /** In clear text; the default. */
        HTTP,
        /** Over TLS. */
        HTTPS,
        /** Byte by byte, whatever it speaks. */
        TCP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT) + "://";
        }
    }

    /** The highest weight, as of an instance of the registry. */
    public static final int HIGHEST_WEIGHT = 65_535;

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int HIGHEST_PORT = 65_535;
    private static final String EXPECTED = "http://HOST, http://HOST:PORT, or the same with https";
    private static final String EXPECTED_TCP = "tcp://HOST:PORT";
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://.*", Pattern.DOTALL);
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");

    /** What would be taken for an IPv4 address by some and for a name by others. */
    private static final Pattern NUMBERS = Pattern.compile("(.*\\.)?\\d+");

    private static final Pattern IP_V4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");

    public StaticUpstream {
        if (weight < 0 || weight > HIGHEST_WEIGHT) {
            throw new IllegalArgumentException(
                    "weight of " + host + ": " + weight + " (expected: 0 to " + HIGHEST_WEIGHT + ")");
        }
    }

    /** One that is spoken to in clear text. */
    public StaticUpstream(String host, int port, int weight, boolean down, boolean backup) {
        this(host, port, weight, down, backup, UpstreamScheme.HTTP);
    }

    /**
     * Reads the URL of an upstream: {@code http://HOST} or {@code https://HOST}, with or without a port (80 and 443 by default),
     * and nothing behind it but perhaps one slash.
     *
     * @throws BadUpstreamException if it is anything else
     */
    public static StaticUpstream of(String url, int weight, boolean down, boolean backup) throws BadUpstreamException {
        UpstreamScheme scheme = schemeOf(url);
        if (scheme == null || scheme == UpstreamScheme.TCP) {
            throw new BadUpstreamException(url, EXPECTED);
        }
        Matcher authority = authorityOf(
                url,
                scheme,
                EXPECTED,
                EXPECTED + ", without a path; the route's add-prefix puts one before each request's");
        boolean secure = scheme == UpstreamScheme.HTTPS;
        int port = port(url, authority.group(2), secure ? HTTPS_PORT : HTTP_PORT, EXPECTED);
        return new StaticUpstream(host(url, authority.group(1), EXPECTED), port, weight, down, backup, scheme);
    }

    /**
     * Reads the address of an upstream whose connections are relayed as they are: {@code tcp://HOST:PORT}.
     *
     * @throws BadUpstreamException if it is anything else
     */
    public static StaticUpstream ofTcp(String url, int weight, boolean down, boolean backup)
            throws BadUpstreamException {
        if (schemeOf(url) != UpstreamScheme.TCP) {
            throw new BadUpstreamException(url, EXPECTED_TCP);
        }
        Matcher authority = authorityOf(url, UpstreamScheme.TCP, EXPECTED_TCP, EXPECTED_TCP);
        int port = port(url, authority.group(2), 0, EXPECTED_TCP);
        return new StaticUpstream(
                host(url, authority.group(1), EXPECTED_TCP), port, weight, down, backup, UpstreamScheme.TCP);
    }

    private static @Nullable UpstreamScheme schemeOf(String url) {
        Matcher scheme = SCHEME.matcher(url.strip());
        String named = scheme.matches() ? scheme.group(1) : "";
        for (UpstreamScheme each : UpstreamScheme.values()) {
            if (named.equalsIgnoreCase(each.name())) {
                return each;
            }
        }
        return null;
    }

    private static Matcher authorityOf(String url, UpstreamScheme scheme, String expected, String expectedEnd)
            throws BadUpstreamException {
        String rest = url.strip().substring(scheme.toString().length());
        int end = endOfAuthority(rest);
        if (end < rest.length() && !rest.substring(end).equals("/")) {
            throw new BadUpstreamException(url, expectedEnd);
        }
        Matcher authority = AUTHORITY.matcher(rest.substring(0, end));
        if (!authority.matches()) {
            throw new BadUpstreamException(url, expected);
        }
        return authority;
    }

    private static int endOfAuthority(String rest) {
        int end = 0;
        while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static String host(String url, String text, String expected) throws BadUpstreamException {
        String host = text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
        boolean bad = text.startsWith("[")
                ? !isIpV6(text)
                : host.startsWith(".")
                        || host.startsWith("-")
                        || host.contains("..")
                        || (NUMBERS.matcher(host).matches()
                                && !IP_V4.matcher(host).matches());
        if (bad) {
            throw new BadUpstreamException(url, expected + ", with a host name or an IP address");
        }
        return host.toLowerCase(Locale.ROOT);
    }

    /** Whether it is an IPv6 address; nothing in brackets is ever looked up. */
    private static boolean isIpV6(String bracketed) {
        try {
            return InetAddress.getByName(bracketed).getAddress().length > 0;
        } catch (UnknownHostException noAddress) {
            return false;
        }
    }

    private static int port(String url, @Nullable String text, int byScheme, String expected)
            throws BadUpstreamException {
        int port = text == null ? byScheme : Integer.parseInt(text);
        if (port < 1 || port > HIGHEST_PORT) {
            throw new BadUpstreamException(url, expected + ", with a port from 1 to " + HIGHEST_PORT);
        }
        return port;
    }

    /** Whether it is spoken to over TLS. */
    public boolean secure() {
        return scheme == UpstreamScheme.HTTPS;
    }

    /** Host and port as they stand in a URL. */
    public String authority() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    @Override
    public String toString() {
        return scheme + authority();
    }
}
