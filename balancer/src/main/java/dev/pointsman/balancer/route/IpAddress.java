package dev.pointsman.balancer.route;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An IP address as 128 bits; one of IPv4 is the IPv6 address that it is mapped to ({@code ::ffff:192.0.2.1}; RFC 4291,
 * 2.5.5.2), so that both spellings are equal. Immutable, thread-safe.
 */
public record IpAddress(long high, long low) {
    private static final long MAPPED = 0xffffL << 32;

    /**
     * Reads an IP literal; nothing is ever looked up.
     *
     * @param text {@code 192.0.2.1}, {@code 2001:db8::7}, {@code [2001:db8::7]}; a zone ({@code %eth0}) does not count
     * @return null if it is none
     */
    public static @Nullable IpAddress parse(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String literal = bracketed ? text.substring(1, text.length() - 1) : text;
        if (literal.indexOf(':') < 0) {
            return bracketed ? null : ofFour(literal);
        }
        int zone = literal.indexOf('%');
        return ofSix(zone < 0 ? literal : literal.substring(0, zone));
    }

    /** Reads an entry of X-Forwarded-For: an IP literal, behind which some proxies write the port. Null if it is none. */
    public static @Nullable IpAddress ofHop(String entry) {
        String hop = entry.strip();
        int colon = hop.lastIndexOf(':');
        boolean withPort = colon > 0
                && colon + 1 < hop.length()
                && hop.substring(colon + 1).chars().allMatch(c -> c >= '0' && c <= '9')
                && (hop.indexOf(':') == colon || hop.charAt(colon - 1) == ']');
        return parse(withPort ? hop.substring(0, colon) : hop);
    }

    /** Whether it is an address of IPv4. */
    public boolean isFour() {
        return high == 0 && low >>> 32 == 0xffff;
    }

    private static @Nullable IpAddress ofFour(String literal) {
        String[] parts = literal.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        long bits = 0;
        for (String part : parts) {
            // 010 is 8 to some readers and 10 to others.
            boolean number = !part.isEmpty()
                    && part.length() <= 3
                    && part.chars().allMatch(c -> c >= '0' && c <= '9')
                    && (part.length() == 1 || part.charAt(0) != '0');
            if (!number || Integer.parseInt(part) > 255) {
                return null;
            }
            bits = (bits << 8) | Integer.parseInt(part);
        }
        return new IpAddress(0, MAPPED | bits);
    }

    private static @Nullable IpAddress ofSix(String literal) {
        boolean plain =
                literal.chars().allMatch(c -> (c < 0x80 && Character.digit(c, 16) >= 0) || c == ':' || c == '.');
        if (!plain || literal.length() > 45) {
            return null;
        }
        try {
            // With a colon in it, it is read as a literal or refused, and never looked up.
            byte[] bytes = InetAddress.getByName("[" + literal + "]").getAddress();
            ByteBuffer read = ByteBuffer.wrap(bytes);
            return bytes.length == 4
                    ? new IpAddress(0, MAPPED | Integer.toUnsignedLong(read.getInt()))
                    : new IpAddress(read.getLong(), read.getLong());
        } catch (UnknownHostException notAnAddress) {
            return null;
        }
    }
}
