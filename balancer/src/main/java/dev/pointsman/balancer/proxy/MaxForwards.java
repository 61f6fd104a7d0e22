package dev.pointsman.balancer.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.Set;

/** The bound of the hops of a TRACE or OPTIONS, and the response to one that may go no further than here (RFC 9110, 7.6.2 and 9.3.8). */
final class MaxForwards {
    /** The fields that a TRACE must not give back: its client is perhaps not allowed to see them. */
    private static final Set<String> SECRETS = Set.of("authorization", "cookie", "proxy-authorization");

    private MaxForwards() {}

    /** The number of hops that a request may still make, or -1 if that is not limited. For other methods the field means nothing. */
    static int of(RoutedRequest routed) {
        String most = routed.received().hasMaxForwards() ? routed.fields().get(HttpHeaderNames.MAX_FORWARDS) : null;
        HttpMethod method = routed.request().method();
        boolean counts = most != null
                && (method.equals(HttpMethod.TRACE) || method.equals(HttpMethod.OPTIONS))
                && !most.isEmpty()
                && most.length() < 10
                && most.chars().allMatch(c -> c >= '0' && c <= '9');
        return counts ? Integer.parseInt(most) : -1;
    }

    static void respond(RoutedRequest routed) {
        HttpServerResponse response = routed.request().response();
        boolean trace = routed.request().method().equals(HttpMethod.TRACE);
        LiveExplanation explanation = routed.explanation();
        if (explanation != null) {
            explanation.addToOwn(ClientRequest.fieldsOf(response), trace ? 200 : 204, null);
        }
        routed.client().completeFields(response);
        if (trace) {
            response.putHeader(HttpHeaderNames.CONTENT_TYPE, "message/http").end(received(routed));
        } else {
            response.setStatusCode(204)
                    .putHeader(HttpHeaderNames.ALLOW, RequestRules.METHODS)
                    .end();
        }
    }

    private static String received(RoutedRequest routed) {
        StringBuilder head =
                new StringBuilder("TRACE ").append(routed.request().uri()).append(" HTTP/1.1\r\n");
        for (Map.Entry<String, String> field : routed.fields()) {
            if (!SECRETS.contains(field.getKey().toLowerCase(java.util.Locale.ROOT))) {
                head.append(field.getKey())
                        .append(": ")
                        .append(field.getValue())
                        .append("\r\n");
            }
        }
        return head.append("\r\n").toString();
    }
}
