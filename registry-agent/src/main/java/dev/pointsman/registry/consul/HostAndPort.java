package dev.pointsman.registry.consul;

import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Consul's host and port, parsed from any form in which its address is written.
 *
 * @param host name or IP literal without brackets
 * @param givenPort the port, or 0 when a URL leaves it out
 * @param tls whether the text says {@code https://}
 */
record HostAndPort(String host, int givenPort, boolean tls) {
    static final HostAndPort DEFAULT = new HostAndPort(ConsulAddress.DEFAULT_HOST, ConsulAddress.DEFAULT_PORT, false);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?");

    /** A URL without a port has its scheme's, as Consul's own client does it. */
    int port(boolean overTls) {
        return givenPort != 0 ? givenPort : overTls ? 443 : 80;
    }

    /** @throws IllegalArgumentException with the text and what was expected */
    static HostAndPort parse(String text) {
        int schemeEnd = text.indexOf("://");
        String scheme = schemeEnd < 0 ? "" : text.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
        if (scheme.equals("unix") || text.startsWith("/")) {
            throw bad(text, "Unix sockets are not supported; expected: host:port or http://host:port");
        }
        if (schemeEnd >= 0 && !scheme.equals("http") && !scheme.equals("https")) {
            throw bad(text, "expected: http:// or https:// before the host");
        }
        String authority = schemeEnd < 0 ? text : text.substring(schemeEnd + 3);
        if (!scheme.isEmpty() && authority.endsWith("/")) {
            authority = authority.substring(0, authority.length() - 1);
        }
        if (authority.indexOf('@') >= 0) {
            // Not repeated: what stands before the @ is a password.
            throw new IllegalArgumentException("a user name or password in the address is not supported;"
                    + " expected: host:port, and CONSUL_HTTP_TOKEN for an ACL token");
        }
        if (authority.chars().anyMatch(c -> c == '/' || c == '?' || c == '#')) {
            throw bad(text, "expected: no path or query after the port");
        }
        return split(text, authority, scheme);
    }

    private static HostAndPort split(String text, String authority, String scheme) {
        int bracket = authority.startsWith("[") ? authority.indexOf(']') : -1;
        int colon = authority.indexOf(':', Math.max(bracket, 0));
        if (bracket < 0 && colon >= 0 && authority.indexOf(':', colon + 1) >= 0) {
            throw bad(text, "expected: host:port, an IPv6 address in brackets as in [::1]:8500");
        }
        String host = colon < 0 ? authority : authority.substring(0, colon);
        int port = scheme.isEmpty() ? ConsulAddress.DEFAULT_PORT : 0;
        if (colon >= 0) {
            port = port(text, authority.substring(colon + 1));
        }
        return new HostAndPort(host(text, host, colon >= 0 && scheme.isEmpty()), port, scheme.equals("https"));
    }

    private static String host(String text, String host, boolean mayBeEmpty) {
        if (host.isEmpty() && mayBeEmpty) {
            return ConsulAddress.DEFAULT_HOST;
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            String literal = host.substring(1, host.length() - 1);
            // A zone (fe80::1%eth0) has no place in a URL as HTTP clients read it.
            if (NetUtil.isValidIpV6Address(literal) && literal.indexOf('%') < 0) {
                return literal;
            }
        }
        if (!NAME.matcher(host).matches()) {
            throw bad(text, "expected: a host name, an IPv4 address or an IPv6 address in brackets before the port");
        }
        return host;
    }

    private static int port(String text, String port) {
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
            throw bad(text, "expected: a port from 1 to 65535 after the colon");
        }
        return Integer.parseInt(port);
    }

    private static IllegalArgumentException bad(String text, String expected) {
        return new IllegalArgumentException(text + " (" + expected + ")");
    }
}
