package dev.pointsman.balancer.route;

import dev.pointsman.balancer.http.FieldKind;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The changes of a route to the header fields of requests or of responses: first those in {@code remove} go, then those in
 * {@code set} replace what has their name, then those in {@code add} are added. Immutable, thread-safe.
 */
public record HeaderEdits(List<NamedField> set, List<NamedField> add, List<String> remove) {
    /** No changes. */
    public static final HeaderEdits NONE = new HeaderEdits(List.of(), List.of(), List.of());

    private static final Set<String> OWNED =
            Set.of("trailer", "via", "x-request-id", "te", "keep-alive", "proxy-connection", "expect", "max-forwards");

    /** A field and its value. */
    public record NamedField(String name, FieldTemplate value) {}

    /** The message whose fields are changed. */
    public enum EditedMessage {
        REQUEST,
        RESPONSE
    }

    public HeaderEdits {
        set = List.copyOf(set);
        add = List.copyOf(add);
        remove = List.copyOf(remove);
    }

    public boolean isNone() {
        return set.isEmpty() && add.isEmpty() && remove.isEmpty();
    }

    /** Whether a field of that name goes, because it is removed or replaced. */
    public boolean takesAway(CharSequence name) {
        for (String removed : remove) {
            if (isSame(removed, name)) {
                return true;
            }
        }
        for (NamedField replaced : set) {
            if (isSame(replaced.name, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(String one, CharSequence other) {
        if (one.length() != other.length()) {
            return false;
        }
        for (int i = 0; i < one.length(); i++) {
            if (folded(one.charAt(i)) != folded(other.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char folded(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }

    /** Whether a text is the name of a header field (RFC 9110, 5.6.2). */
    public static boolean isName(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }

    /** Why a field may not be changed, as what was expected; empty if it may. */
    public static String refusal(String name, EditedMessage message) {
        if (!isName(name)) {
            return "the name of a header field";
        }
        String plain = name.toLowerCase(Locale.ROOT).replace('_', '-');
        FieldKind kind = FieldKind.of(plain);
        boolean framing = kind == FieldKind.CONTENT_LENGTH || kind.isHopByHop() || plain.equals("trailer");
        if (framing) {
            return "a field that does not say where a message ends or how its connection goes on, which is the balancer's"
                    + " own part";
        }
        if (message == EditedMessage.RESPONSE) {
            return "";
        }
        if (kind == FieldKind.HOST) {
            return "another field; the option host changes this one";
        }
        boolean forwarding =
                switch (kind) {
                    case FORWARDED, FORWARDED_FOR, FORWARDED_HOST, FORWARDED_PORT, FORWARDED_PROTO, FORWARDED_PREFIX ->
                        true;
                    default -> false;
                };
        return forwarding || OWNED.contains(plain) ? "a field that the balancer does not write itself" : "";
    }
}
