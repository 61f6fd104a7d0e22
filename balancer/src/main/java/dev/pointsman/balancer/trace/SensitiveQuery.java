package dev.pointsman.balancer.trace;

import java.util.Set;

/** The query of a URL without the values that OpenTelemetry's conventions want hidden, which are signatures of storage services. */
final class SensitiveQuery {
    private static final Set<String> KEYS = Set.of("AWSAccessKeyId", "Signature", "sig", "X-Goog-Signature");
    private static final String REDACTED = "REDACTED";

    private SensitiveQuery() {}

    /** A query, without its question mark, as it may be shown. */
    static String redacted(String query) {
        StringBuilder shown = new StringBuilder(query.length());
        int from = 0;
        while (from <= query.length()) {
            int next = query.indexOf('&', from);
            int to = next < 0 ? query.length() : next;
            int equals = query.indexOf('=', from);
            if (equals >= 0 && equals < to && KEYS.contains(query.substring(from, equals))) {
                shown.append(query, from, equals + 1).append(REDACTED);
            } else {
                shown.append(query, from, to);
            }
            if (next >= 0) {
                shown.append('&');
            }
            from = to + 1;
        }
        return shown.toString();
    }

    /** The path and the query of a request target, with the query as it may be shown. */
    static String redactedTarget(String target) {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark + 1) + redacted(target.substring(mark + 1));
    }
}
