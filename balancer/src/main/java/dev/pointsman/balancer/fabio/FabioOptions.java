package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.fabio.FabioCommand.Add;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a destination's options mean for its requests, those left out that have no effect on HTTP. Immutable.
 *
 * @param strip text that is taken off the path where it begins with it; empty for none
 * @param prepend put before the path after that; empty for nothing
 * @param host the Host that the destination gets: {@link #HOST_OF_DESTINATION}, or a name; empty for the client's
 * @param redirect the status of a redirection to the destination's URL; 0 for none
 * @param url where it leads to; empty for none
 * @param allow the networks that may; empty for all
 * @param deny the networks that may not
 * @param auth the name of a list of users; empty for none
 */
record FabioOptions(
        String strip,
        String prepend,
        String host,
        int redirect,
        String url,
        List<String> allow,
        List<String> deny,
        String auth) {
    /** The option that names a status, and in tags a URL. */
    static final String REDIRECT = "redirect";

    /** The option that names a protocol. */
    static final String PROTO = "proto";

    /** The protocols that a destination may speak in place of clear-text HTTP. */
    static final Set<String> PROTOCOLS = Set.of("https", "grpc", "grpcs", "tcp");

    /** The value of {@code host} for the destination's own address and port. */
    static final String HOST_OF_DESTINATION = "dst";

    private static final String IP = "ip:";

    FabioOptions {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /**
     * The options of a command.
     *
     * @param problems takes a sentence's end for each option that has no effect as it stands
     */
    static FabioOptions of(Add command, Consumer<String> problems) {
        int redirect = redirect(value(command, REDIRECT), problems);
        String allow = value(command, "allow");
        String deny = value(command, "deny");
        if (!allow.isEmpty() && !deny.isEmpty()) {
            problems.accept("allow and deny (expected: one of them; neither is in force)");
        }
        boolean holds = allow.isEmpty() || deny.isEmpty();
        return new FabioOptions(
                value(command, "strip"),
                value(command, "prepend"),
                value(command, "host"),
                redirect,
                redirect == 0 ? "" : command.destination(),
                holds ? networks("allow", allow, problems) : List.of(),
                holds ? networks("deny", deny, problems) : List.of(),
                value(command, "auth"));
    }

    private static String value(Add command, String name) {
        return command.options().getOrDefault(name, "");
    }

    private static int redirect(String code, Consumer<String> problems) {
        if (code.isEmpty()) {
            return 0;
        }
        if (!isRedirectCode(code)) {
            problems.accept(REDIRECT + "=" + code + " (expected: a CODE from 300 to 399)");
            return 0;
        }
        return Integer.parseInt(code);
    }

    /** Whether a text is a status that redirects. */
    static boolean isRedirectCode(String text) {
        return text.length() == 3 && text.charAt(0) == '3' && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The networks before the first that is none: what stands behind that is not in force, as with fabio. */
    private static List<String> networks(String option, String list, Consumer<String> problems) {
        List<String> networks = new ArrayList<>();
        if (list.isEmpty()) {
            return networks;
        }
        for (String entry : list.split(",", -1)) {
            String network = network(entry);
            if (network == null) {
                problems.accept(option + ": \"" + entry
                        + "\" (expected: ip: and an address or a network, such as ip:10.0.0.0/8; neither it nor what"
                        + " stands behind it is in force)");
                return networks;
            }
            networks.add(network);
        }
        return networks;
    }

    private static @Nullable String network(String entry) {
        String text = entry.strip();
        boolean isIp = text.regionMatches(true, 0, IP, 0, IP.length());
        return isIp ? text.substring(IP.length()).strip() : null;
    }
}
