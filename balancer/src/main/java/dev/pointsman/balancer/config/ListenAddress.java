package dev.pointsman.balancer.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address to listen on: a host and a port.
 *
 * @param host a name or an IP literal, an IPv6 one without brackets
 * @param port 0 to 65535; 0 takes any free one
 */
public record ListenAddress(String host, int port) {
    /** The form that {@link #parse} accepts, in words. */
    static final String EXPECTED = "HOST:PORT, such as 127.0.0.1:9901 or [::1]:9901";

    private static final Pattern DIGITS = Pattern.compile("[0-9.]+");
    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^:\\[\\]\\s]+)):(\\d{1,5})");

    /** Reads {@code HOST:PORT}, an IPv6 literal in brackets; null if it is none. */
    static @Nullable ListenAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65535) {
            return null;
        }
        String literal = matcher.group(1);
        return new ListenAddress(literal != null ? literal : matcher.group(2), Integer.parseInt(matcher.group(3)));
    }

    /** As {@link #parse}, where a text without a host stands for all addresses of IPv4; null if it is neither. */
    static @Nullable ListenAddress parseOptionalHost(String text) {
        return parse(text.startsWith(":") ? "0.0.0.0" + text : text);
    }

    /** Whether both cannot be listened on at a time: the same port, and the same host, in whatever spelling, or all. */
    public boolean overlaps(ListenAddress other) {
        if (port != other.port || port == 0) {
            return false;
        }
        InetAddress own = literal();
        InetAddress its = other.literal();
        boolean same = (own == null || its == null) ? host.equalsIgnoreCase(other.host) : own.equals(its);
        return same || isAny(own) || isAny(its);
    }

    private static boolean isAny(@Nullable InetAddress address) {
        return address != null && address.isAnyLocalAddress();
    }

    /** The host as an address, however it is spelled; null for a name but localhost, as nothing is looked up here. */
    private @Nullable InetAddress literal() {
        boolean isLiteral = host.indexOf(':') >= 0 || DIGITS.matcher(host).matches();
        if (!isLiteral && !host.equalsIgnoreCase("localhost")) {
            return null;
        }
        try {
            return InetAddress.getByName(isLiteral ? host : "127.0.0.1");
        } catch (UnknownHostException none) {
            return null;
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
