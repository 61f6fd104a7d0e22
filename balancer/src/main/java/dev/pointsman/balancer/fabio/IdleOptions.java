package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.fabio.FabioCommand.Add;
import dev.pointsman.settings.NearestName;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The options of a command that do nothing here: fabio's own that concern what is not served, and those that fabio does not know
 * either, which it keeps without a word, so that a typing error is never found.
 */
final class IdleOptions {
    /** What each option of fabio's needs to have an effect, in the order in which people are told of them. */
    private static final Map<String, String> SERVED = new TreeMap<>(Map.ofEntries(
            Map.entry("allow", "allow=ip:10.0.0.0/8"),
            Map.entry("auth", "auth=staff"),
            Map.entry("deny", "deny=ip:10.0.0.0/8"),
            Map.entry("host", "host=dst"),
            Map.entry("prepend", "prepend=/v2"),
            Map.entry(FabioOptions.PROTO, "proto=http"),
            Map.entry(FabioOptions.SEND_PROXY, "pxyproto=true"),
            Map.entry(FabioOptions.REDIRECT, "redirect=301,https://www.example.com$path"),
            Map.entry("strip", "strip=/api"),
            Map.entry(FabioOptions.SKIP_VERIFY, "tlsskipverify=true"),
            Map.entry("weight", "weight=0.25")));

    /** What is not done, by the option that asks fabio for it. */
    private static final Map<String, String> NOT_DONE = Map.of(
            "register", "no service is registered for a route",
            "grpcservername", "the name of a certificate is the balancer's upstream-server-name");

    private IdleOptions() {}

    /** Tells a sentence's end for each of them. */
    static void tell(Add command, Consumer<String> problems) {
        new TreeMap<>(command.options()).forEach((name, value) -> {
            String written = value.isEmpty() ? name : name + "=" + value;
            if (NOT_DONE.containsKey(name)) {
                problems.accept("\"" + written + "\" has no effect: " + NOT_DONE.get(name) + " (expected: none)");
            } else if (!SERVED.containsKey(name)) {
                problems.accept("\"" + written + "\" has no effect (expected: "
                        + String.join(", ", SERVED.keySet()) + " and a value"
                        + NearestName.hint(name, SERVED.keySet()) + ")");
            } else if (value.isEmpty()) {
                problems.accept("\"" + name + "\" has no effect (expected: a value, such as " + SERVED.get(name) + ")");
            } else if (name.equals(FabioOptions.PROTO) && !isProtocol(value)) {
                problems.accept("\"" + written + "\" has no effect: requests are sent by clear-text HTTP"
                        + " (expected: http, https, grpc or grpcs, or none)");
            } else if (name.equals(FabioOptions.SEND_PROXY) && !new FabioDestination(command, 0, null, "").isTcp()) {
                problems.accept(
                        "\"" + written + "\" has no effect: only TCP routes send it (expected: proto=tcp beside it)");
            } else if (name.equals(FabioOptions.SKIP_VERIFY)) {
                tellOfSkipping(command, value, written, problems);
            }
        });
    }

    private static void tellOfSkipping(Add command, String value, String written, Consumer<String> problems) {
        if (!value.equals("true")) {
            problems.accept("\"" + written + "\" has no effect (expected: tlsskipverify=true, or none)");
        } else if (!FabioOptions.protocol(command).isTls()) {
            problems.accept(
                    "\"" + written + "\" has no effect: the instance is spoken to in clear text (expected: proto=https"
                            + " beside it)");
        }
    }

    private static boolean isProtocol(String value) {
        return value.equals("http") || FabioOptions.PROTOCOLS.contains(value);
    }
}
