package dev.pointsman.balancer.trace;

import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields {@code tracestate} of a request: what each tracing system on the way notes for itself (W3C Trace Context, 3.3).
 * We note nothing there, and pass on what others did.
 */
final class Tracestate {
    static final String FIELD = "tracestate";

    private static final int MOST_MEMBERS = 32;
    private static final int LONGEST_KEY = 256;
    private static final int LONGEST_VALUE = 256;

    private Tracestate() {}

    /** The value to be sent: those of all fields, in their order; null for none, or if any of it is not valid. */
    static @Nullable String joined(List<String> fields) {
        StringBuilder joined = new StringBuilder();
        int members = 0;
        for (String field : fields) {
            for (String part : field.split(",", -1)) {
                String member = withoutBlanks(part);
                if (!member.isEmpty()) {
                    if (!isMember(member) || ++members > MOST_MEMBERS) {
                        return null;
                    }
                    joined.append(joined.isEmpty() ? "" : ",").append(member);
                }
            }
        }
        return joined.isEmpty() ? null : joined.toString();
    }

    /** The same for OpenTelemetry. */
    static TraceState members(@Nullable String joined) {
        if (joined == null) {
            return TraceState.getDefault();
        }
        TraceStateBuilder state = TraceState.builder();
        String[] members = joined.split(",", -1);
        // What is put last stands first.
        for (int i = members.length - 1; i >= 0; i--) {
            int equals = members[i].indexOf('=');
            state.put(members[i].substring(0, equals), members[i].substring(equals + 1));
        }
        return state.build();
    }

    private static String withoutBlanks(String part) {
        int from = 0;
        int to = part.length();
        while (from < to && isBlank(part.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(part.charAt(to - 1))) {
            to--;
        }
        return part.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isMember(String member) {
        int equals = member.indexOf('=');
        return isKey(member, equals) && isValue(member, equals + 1);
    }

    private static boolean isKey(String member, int end) {
        if (end < 1 || end > LONGEST_KEY || !isLetterOrDigit(member.charAt(0))) {
            return false;
        }
        for (int i = 1; i < end; i++) {
            char c = member.charAt(i);
            if (!isLetterOrDigit(c) && "_-*/@".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    /** Of one printable character or more; blanks at its end were taken off, and so it does not end with one. */
    private static boolean isValue(String member, int from) {
        int length = member.length() - from;
        if (length < 1 || length > LONGEST_VALUE) {
            return false;
        }
        for (int i = from; i < member.length(); i++) {
            char c = member.charAt(i);
            if (c < ' ' || c > '~' || c == '=') {
                return false;
            }
        }
        return true;
    }
}
