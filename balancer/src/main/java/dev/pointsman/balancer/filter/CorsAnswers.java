package dev.pointsman.balancer.filter;

import dev.pointsman.balancer.filter.GateReply.ReplyField;
import dev.pointsman.balancer.http.FieldLists;
import dev.pointsman.balancer.route.CorsRule;
import dev.pointsman.balancer.route.HeaderEdits;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What browsers are told about pages of other origins (Fetch, 3.2). */
final class CorsAnswers {
    private static final List<CharSequence> OF_INSTANCES = List.of(
            HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN,
            HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS,
            HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
            HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS,
            HttpHeaderNames.ACCESS_CONTROL_MAX_AGE);

    private final CorsRule rule;

    CorsAnswers(CorsRule rule) {
        this.rule = rule;
    }

    /** The answer to a browser that asks before it sends a request; null if it does not ask. */
    @Nullable
    GateReply preflight(FilteredRequest request) {
        HttpHeaders fields = request.fields();
        String origin = fields.get(HttpHeaderNames.ORIGIN);
        String method = fields.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
        if (!request.method().equals("OPTIONS") || origin == null || method == null) {
            return null;
        }
        // The origin's own fields are added to every response.
        List<ReplyField> answer = new ArrayList<>();
        if (rule.allows(origin)) {
            String asked = fields.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
            String methods = rule.methods().isEmpty() ? names(method) : String.join(", ", rule.methods());
            String headers =
                    rule.headers().isEmpty() ? names(asked == null ? "" : asked) : String.join(", ", rule.headers());
            add(answer, HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, methods);
            add(answer, HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, headers);
            add(
                    answer,
                    HttpHeaderNames.ACCESS_CONTROL_MAX_AGE,
                    Long.toString(rule.maxAge().toSeconds()));
        }
        add(answer, HttpHeaderNames.VARY, "Access-Control-Request-Method, Access-Control-Request-Headers");
        return new GateReply(null, 204, answer);
    }

    private static void add(List<ReplyField> answer, CharSequence name, String value) {
        if (!value.isEmpty()) {
            answer.add(new ReplyField(name.toString(), value));
        }
    }

    /** What was asked for, where it is a list of names. */
    private static String names(String asked) {
        boolean plain = asked.length() <= 4096
                && asked.chars().allMatch(c -> c == ' ' || c == ',' || HeaderEdits.isName(Character.toString(c)));
        return plain ? asked : "";
    }

    /**
     * Adds what every response has.
     *
     * @param ours whether the response is the balancer's own, and so what it says of this
     */
    void addTo(HttpHeaders response, FilteredRequest request, boolean ours) {
        if (!ours) {
            OF_INSTANCES.forEach(response::remove);
        }
        String origin = request.fields().get(HttpHeaderNames.ORIGIN);
        if (!rule.isForAll()) {
            FieldLists.addToList(response, HttpHeaderNames.VARY, "Origin");
        }
        if (origin == null || !rule.allows(origin)) {
            return;
        }
        response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, rule.isForAll() ? "*" : origin);
        if (rule.credentials()) {
            response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        if (!rule.expose().isEmpty()) {
            response.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, String.join(", ", rule.expose()));
        }
    }
}
