package dev.pointsman.pick;

import dev.pointsman.pool.PickPolicy;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A pick policy as it is written in a configuration, such as {@code two-choices} or {@code hash:header:X-User};
 * docs/policies.md has what each does.
 *
 * @param kind which one
 * @param name of the header field, the cookie or the query parameter that it goes by; empty for the others
 */
public record Policy(PolicyKind kind, String name) {
    /** The name of the sticky cookie, where none is given. */
    public static final String STICKY_COOKIE = "pointsman";

    public static final Policy DEFAULT = new Policy(PolicyKind.ROUND_ROBIN, "");

    /** All that {@link #parse} understands, in words for a message. */
    public static final String EXPECTED =
            Arrays.stream(PolicyKind.values()).map(PolicyKind::form).collect(Collectors.joining(", "));

    /** Those of them that go by nothing that only a request has, and not a connection. */
    public static final String EXPECTED_OF_CONNECTIONS = Arrays.stream(PolicyKind.values())
            .filter(kind -> !kind.needsRequest())
            .map(PolicyKind::form)
            .collect(Collectors.joining(", "));

    /** The policy that is written so, or null if none is. */
    public static @Nullable Policy parse(String text) {
        for (PolicyKind kind : PolicyKind.values()) {
            if (text.equals(kind.word()) && kind.standsAlone()) {
                return new Policy(kind, kind.defaultArgument());
            }
            String prefix = kind.word() + ":";
            if (text.startsWith(prefix) && kind.accepts(text.substring(prefix.length()))) {
                return new Policy(kind, text.substring(prefix.length()));
            }
        }
        return null;
    }

    /** Makes the policy; each pool needs one of its own, see {@link PickPolicy}. */
    public PickPolicy make(PolicyInputs inputs) {
        return kind.make(name, inputs);
    }

    /** Whether it goes by something that only a request has: a field, a cookie, a parameter of the query. */
    public boolean needsRequest() {
        return kind.needsRequest();
    }

    /** Whether it sends the same client, or the same key, to the same instance, so that instances get different requests. */
    public boolean keepsClients() {
        return kind.keepsClients();
    }

    @Override
    public String toString() {
        return name.isEmpty() ? kind.word() : kind.word() + ":" + name;
    }
}
