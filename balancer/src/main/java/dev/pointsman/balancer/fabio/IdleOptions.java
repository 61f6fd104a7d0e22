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
    private static final Map<String, String> SERVED = new TreeMap<>(Map.of(
            "allow",
            "allow=ip:10.0.0.0/8",
            "auth",
            "auth=staff",
            "deny",
            "deny=ip:10.0.0.0/8",
            "host",
            "host=dst",
            "prepend",
            "prepend=/v2",
            FabioOptions.PROTO,
            "proto=http",
            FabioOptions.REDIRECT,
            "redirect=301,https://www.example.com$path",
            "strip",
            "strip=/api",
            FabioOptions.SKIP_VERIFY,
            "tlsskipverify=true",
            "weight",
            "weight=0.25"));

    /** What is not done, by the option that asks fabio for it. */
    private static final Map<String, String> NOT_DONE = Map.of(
            "register", "no service is registered for a route",
            "pxyproto", "PROXY protocol is TCP's, which is not served yet",
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
