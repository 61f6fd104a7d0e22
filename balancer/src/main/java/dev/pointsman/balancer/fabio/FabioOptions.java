package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.fabio.FabioCommand.Add;
import dev.pointsman.balancer.http.ProxyVersion;
import dev.pointsman.balancer.http.UpstreamProtocol;
import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.route.AccessRule;
import dev.pointsman.balancer.route.AccessRule.AddressMode;
import dev.pointsman.balancer.route.AuthRule;
import dev.pointsman.balancer.route.Network;
import dev.pointsman.balancer.route.PathRewrite;
import dev.pointsman.balancer.route.PathRewrite.PrefixMode;
import dev.pointsman.balancer.route.Redirect;
import dev.pointsman.balancer.route.Redirect.RedirectDialect;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.balancer.route.RouteOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
 * @param protocol what the destination is spoken to in; clear-text HTTP where that is not served, or nothing is sent
 * @param skipVerify whether any certificate of the destination will do
 * @param sendProxy whether a TCP destination is told of its client by a header of the PROXY protocol
 */
public record FabioOptions(
        String strip,
        String prepend,
        String host,
        int redirect,
        String url,
        List<Network> allow,
        List<Network> deny,
        String auth,
        UpstreamProtocol protocol,
        boolean skipVerify,
        boolean sendProxy) {
    /** The option that names a status, and in tags a URL. */
    static final String REDIRECT = "redirect";

    /** The option that names a protocol. */
    static final String PROTO = "proto";

    /** The option by which any certificate will do. */
    static final String SKIP_VERIFY = "tlsskipverify";

    /** The option by which a TCP destination is told of its client. */
    static final String SEND_PROXY = "pxyproto";

    /** The protocols that a destination may speak in place of clear-text HTTP. */
    public static final Set<String> PROTOCOLS = Set.of("https", "grpc", "grpcs", "tcp", "tcp+sni");

    /** The value of {@code host} for the destination's own address and port. */
    public static final String HOST_OF_DESTINATION = "dst";

    private static final String IP = "ip:";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    public FabioOptions {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /**
     * The options of a command.
     *
     * @param problems takes a sentence's end for each option that has no effect as it stands
     */
    public static FabioOptions of(Add command, Consumer<String> problems) {
        IdleOptions.tell(command, problems);
        int redirect = redirect(command, problems);
        String allow = value(command, "allow");
        String deny = value(command, "deny");
        if (!allow.isEmpty() && !deny.isEmpty()) {
            problems.accept("allow and deny (expected: one of them; neither is in force)");
        }
        boolean holds = allow.isEmpty() || deny.isEmpty();
        UpstreamProtocol protocol = redirect == 0 ? protocol(command) : UpstreamProtocol.HTTP;
        return new FabioOptions(
                encoded(value(command, "strip")),
                prepend(value(command, "prepend"), problems),
                host(value(command, "host"), problems),
                redirect,
                redirect == 0 ? "" : command.destination(),
                holds ? networks("allow", allow, problems) : List.of(),
                holds ? networks("deny", deny, problems) : List.of(),
                value(command, "auth"),
                protocol,
                protocol.isTls() && value(command, SKIP_VERIFY).equals("true"),
                value(command, SEND_PROXY).equals("true"));
    }

    /** What a command's destination is spoken to in; clear-text HTTP where that is not served. */
    static UpstreamProtocol protocol(Add command) {
        String scheme = new FabioDestination(command, 0, null, "").scheme();
        return Stream.of(UpstreamProtocol.values())
                .filter(each -> each.isServed() && each.toString().equals(scheme))
                .findFirst()
                .orElse(UpstreamProtocol.HTTP);
    }

    private static String value(Add command, String name) {
        return command.options().getOrDefault(name, "");
    }

    private static int redirect(Add command, Consumer<String> problems) {
        String code = value(command, REDIRECT);
        if (code.isEmpty()) {
            return 0;
        }
        if (!isRedirectCode(code)) {
            problems.accept("\"" + REDIRECT + "=" + code + "\" (expected: a code from 300 to 399)");
            return 0;
        }
        if (!Redirect.isUrl(command.destination())) {
            problems.accept("\"" + command.destination() + "\" (expected: " + Redirect.EXPECTED_URL + ")");
            return 0;
        }
        return Integer.parseInt(code);
    }

    private static String prepend(String text, Consumer<String> problems) {
        if (text.chars().anyMatch(c -> c <= ' ' || c == 0x7f || c == '?' || c == '#')) {
            problems.accept("\"prepend=" + text + "\" (expected: a path such as /v2; nothing is put before the path)");
            return "";
        }
        return encoded(text);
    }

    private static String host(String text, Consumer<String> problems) {
        if (text.chars().anyMatch(c -> c <= ' ' || c > 0x7e || "/?#@\\\"".indexOf(c) >= 0)) {
            problems.accept("\"host=" + text
                    + "\" (expected: dst, or a host such as internal.example:8080; the client's is" + " sent)");
            return "";
        }
        return text;
    }

    /** The text as it stands in a request's path, where bytes beyond ASCII are percent-encoded. */
    private static String encoded(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        StringBuilder encoded = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (each >= 0) {
                encoded.append((char) each);
            } else {
                encoded.append('%').append(HEX.toHexDigits(each));
            }
        }
        return encoded.toString();
    }

    /**
     * The same as options of a route.
     *
     * @param plain those of a route without any
     * @param users the lists of users by their names; nobody is let in by a name that is not among them
     */
    public RouteOptions of(RouteOptions plain, Map<String, AuthRule> users) {
        PathRewrite path = strip.isEmpty() && prepend.isEmpty()
                ? plain.path()
                : new PathRewrite(PrefixMode.TEXT, strip, null, prepend);
        AccessRule access =
                allow.isEmpty() && deny.isEmpty() ? null : new AccessRule(AddressMode.EVERY_HOP, allow, deny);
        AuthRule who = auth.isEmpty() ? null : users.getOrDefault(auth, AuthRule.NOBODY);
        Redirect to = redirect == 0 ? null : new Redirect(redirect, url, RedirectDialect.FABIO);
        String sent =
                host.equals(HOST_OF_DESTINATION) ? RouteOptions.HOST_OF_INSTANCE : host.isEmpty() ? plain.host() : host;
        return new RouteOptions(
                sent,
                path,
                plain.response(),
                plain.attempt(),
                plain.maxBody(),
                plain.pool()
                        .with(new UpstreamTransport(
                                protocol,
                                plain.pool().transport().serverName(),
                                skipVerify,
                                sendProxy ? ProxyVersion.V1 : ProxyVersion.OFF)),
                RouteFilters.of(access, who, to));
    }

    /** Whether clients are sent elsewhere by it. */
    public boolean redirects() {
        return redirect != 0;
    }

    /** The options in one line, those that are not given left out. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(text, "strip", strip);
        append(text, "prepend", prepend);
        append(text, "host", host);
        append(text, REDIRECT, redirect == 0 ? "" : redirect + "," + url);
        append(text, "allow", joined(allow));
        append(text, "deny", joined(deny));
        append(text, "auth", auth);
        append(text, PROTO, protocol == UpstreamProtocol.HTTP ? "" : protocol.toString());
        append(text, SKIP_VERIFY, skipVerify ? "true" : "");
        append(text, SEND_PROXY, sendProxy ? "true" : "");
        return text.toString();
    }

    private static String joined(List<Network> networks) {
        return String.join(",", networks.stream().map(network -> IP + network).toList());
    }

    private static void append(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(value);
        }
    }

    /** Whether a text is a status that redirects. */
    static boolean isRedirectCode(String text) {
        return text.length() == 3 && text.charAt(0) == '3' && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The networks before the first that is none: what stands behind that is not in force, as with fabio. */
    private static List<Network> networks(String option, String list, Consumer<String> problems) {
        List<Network> networks = new ArrayList<>();
        if (list.isEmpty()) {
            return networks;
        }
        for (String entry : list.split(",", -1)) {
            Network network = network(entry);
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

    private static @Nullable Network network(String entry) {
        String text = entry.strip();
        boolean isIp = text.regionMatches(true, 0, IP, 0, IP.length());
        return isIp ? Network.parse(text.substring(IP.length())) : null;
    }
}
