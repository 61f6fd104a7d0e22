package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.filter.RouteGate;
import dev.pointsman.balancer.http.ConnectionField;
import dev.pointsman.balancer.http.FieldKind;
import dev.pointsman.balancer.observe.AttemptTrace;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.upstream.RequestSink;
import dev.pointsman.pool.Upstream;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpServerRequest;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The head of the request that an upstream gets: the client's, in its order and byte for byte, without what concerns
 * the client's connection only, and with the fields of {@link Forwarding}.
 */
final class RequestHead {
    private static final AsciiString VIA = AsciiString.cached("Via");
    private static final AsciiString BY_1_1 = AsciiString.cached("1.1 pointsman");
    private static final AsciiString BY_1_0 = AsciiString.cached("1.0 pointsman");
    private static final AsciiString BY_2 = AsciiString.cached("2 pointsman");
    private static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");
    private static final AsciiString TRACESTATE = AsciiString.cached("tracestate");

    private final Forwarding forwarding;

    RequestHead(Forwarding forwarding) {
        this.forwarding = forwarding;
    }

    /**
     * Writes the head of one attempt.
     *
     * @param trace its span, whose fields take the place of the client's; null to pass those on as they came
     */
    void write(RoutedRequest routed, Upstream upstream, @Nullable AttemptTrace trace, RequestSink out) {
        HttpServerRequest request = routed.request();
        out.begin(
                request.method().name(),
                Objects.requireNonNull(routed.forwarded(), "a request that was refused"),
                host(routed, upstream));
        int maxForwards = MaxForwards.of(routed);
        RouteGate gate = routed.gate();
        copyEndToEnd(routed, gate, maxForwards < 0, trace != null, out);
        // The version that the message came in (RFC 9110, 7.6.3).
        out.field(VIA, by(request));
        if (maxForwards > 0) {
            out.field("Max-Forwards", Integer.toString(maxForwards - 1));
        }
        forwarding.write(routed, out);
        if (trace != null) {
            write(trace, gate, out);
        }
        if (gate != null) {
            gate.addToRequest(routed, upstream.instance().authority(), out::field);
        }
        out.end();
    }

    private static AsciiString by(HttpServerRequest request) {
        return switch (request.version()) {
            case HTTP_1_0 -> BY_1_0;
            case HTTP_1_1 -> BY_1_1;
            case HTTP_2 -> BY_2;
        };
    }

    /** A route that removes these fields, or sets them, removes ours too. */
    private static void write(AttemptTrace trace, @Nullable RouteGate gate, RequestSink out) {
        if (gate == null || !gate.dropsFromRequest(TRACEPARENT)) {
            out.field(TRACEPARENT, trace.traceparent());
        }
        String state = trace.tracestate();
        if (state != null && (gate == null || !gate.dropsFromRequest(TRACESTATE))) {
            out.field(TRACESTATE, state);
        }
    }

    private void copyEndToEnd(
            RoutedRequest routed,
            @Nullable RouteGate gate,
            boolean forwardsMeanNothing,
            boolean traced,
            RequestSink out) {
        boolean trusted = routed.client().peer().isTrusted();
        List<String> named = routed.received().hasConnection() ? ConnectionField.named(routed.fields()) : List.of();
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = routed.fields().iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            CharSequence name = field.getKey();
            boolean passes =
                    switch (FieldKind.of(name)) {
                        case PLAIN, HEAD_ONLY, CONTENT_LENGTH, EXPECT -> true;
                        case FORWARDED, FORWARDED_HOST, FORWARDED_PORT, FORWARDED_PROTO, FORWARDED_PREFIX -> trusted;
                        case FORWARDING_CLAIM -> trusted;
                        case FORWARDED_FOR -> trusted && !forwarding.writesFor();
                        case MAX_FORWARDS -> forwardsMeanNothing;
                        case CONNECTION, HOP_BY_HOP, TRANSFER_CODING, UPGRADE, HOST -> false;
                        case REQUEST_ID, CLIENT_SUBJECT -> false;
                        case TRACE_CONTEXT -> !traced;
                    };
            if (passes && !ConnectionField.isNamed(named, name) && (gate == null || !gate.dropsFromRequest(name))) {
                out.field(name, field.getValue());
            }
        }
    }

    /** The Host to send: HTTP/1.0 may do without it; HTTP/1.1, which the upstream gets, may not. */
    static String host(RoutedRequest routed, Upstream upstream) {
        String host = routed.options().host();
        return switch (host) {
            case RouteOptions.HOST_AS_SENT -> {
                String sent = routed.host();
                yield sent == null ? upstream.instance().authority() : sent;
            }
            case RouteOptions.HOST_OF_INSTANCE -> upstream.instance().authority();
            default -> host;
        };
    }
}
