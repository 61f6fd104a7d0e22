package dev.pointsman.balancer.fabio;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** The order of hosts: by their reversed names, descending, so that the more specific of two is nearly always before. */
final class HostOrder {
    /** What is tried first comes first. */
    static final Comparator<String> TRIED_FIRST =
            (one, other) -> Arrays.compareUnsigned(reversed(other), reversed(one));

    private HostOrder() {}

    /** The octets of the reversed name; a port stays as it is, and behind it. */
    private static byte[] reversed(String host) {
        int colon = host.lastIndexOf(':');
        // With several colons it is no name and port, but an address of IPv6.
        boolean hasPort = colon > 0 && host.indexOf(':') == colon && colon < host.length() - 1;
        String name = hasPort ? host.substring(0, colon) : host;
        String port = hasPort ? host.substring(colon) : "";
        return (new StringBuilder(name).reverse() + port).getBytes(StandardCharsets.UTF_8);
    }
}
