package dev.pointsman.balancer.trace;

import dev.pointsman.balancer.observe.MaskedNames;

/** Queries of URLs without the values of parameters that are masked, as OpenTelemetry's conventions want it. */
record SensitiveQuery(MaskedNames masked) {
    private static final String REDACTED = "REDACTED";

    /** A query, without its question mark, as it may be shown. */
    String redacted(String query) {
        if (masked.isEmpty()) {
            return query;
        }
        StringBuilder shown = new StringBuilder(query.length());
        int from = 0;
        while (from <= query.length()) {
            int end = MaskedNames.endOfParameter(query, from);
            int equals = MaskedNames.endOfName(query, from, end);
            if (equals < end && masked.covers(query, from, equals)) {
                shown.append(query, from, equals + 1).append(REDACTED);
            } else {
                shown.append(query, from, end);
            }
            if (end < query.length()) {
                shown.append(query.charAt(end));
            }
            from = end + 1;
        }
        return shown.toString();
    }

    /** The path and the query of a request target, with the query as it may be shown. */
    String redactedTarget(String target) {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark + 1) + redacted(target.substring(mark + 1));
    }
}
