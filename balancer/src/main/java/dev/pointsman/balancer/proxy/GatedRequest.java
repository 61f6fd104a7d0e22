package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.filter.GateReply;
import dev.pointsman.balancer.filter.RouteGate;
import dev.pointsman.balancer.http.BodyFraming;
import dev.pointsman.balancer.resilience.FailureKind;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Consumer;

/**
 * A request on its way through the gate of its route. Where that takes time, as the check of a password does, no more of its
 * body is read meanwhile. Lives on one event loop.
 */
final class GatedRequest {
    private final RouteGate gate;
    private final RoutedRequest routed;
    private final Vertx vertx;
    private final Consumer<RoutedRequest> forward;
    private boolean left;

    /**
     * @param forward goes on with the request if it passes
     */
    GatedRequest(RouteGate gate, RoutedRequest routed, Vertx vertx, Consumer<RoutedRequest> forward) {
        this.gate = gate;
        this.routed = routed;
        this.vertx = vertx;
        this.forward = forward;
    }

    void enter() {
        switch (gate.enter(routed, this::reply)) {
            case OPEN -> pass();
            case LATER -> await();
            case REPLIED -> {
                // That was all.
            }
        }
    }

    private void await() {
        Context context = vertx.getOrCreateContext();
        routed.request().response().exceptionHandler(gone -> left = true);
        if (routed.body() != BodyFraming.NONE) {
            routed.client().setReading(false);
        }
        gate.awaitLogin(routed, login -> context.runOnContext(onLoop -> goOn(login)));
    }

    private void goOn(RouteGate.LoginOutcome login) {
        if (!left && gate.afterLogin(routed, login, this::reply) == RouteGate.Passage.OPEN) {
            pass();
        }
    }

    private void pass() {
        LiveExplanation explanation = routed.explanation();
        if (explanation != null) {
            explanation.gates(gate.verdicts(null));
        }
        forward.accept(routed);
    }

    private void reply(GateReply reply) {
        LiveExplanation explanation = routed.explanation();
        if (explanation != null) {
            explanation.gates(gate.verdicts(reply));
        }
        FailureKind failure = reply.failure();
        if (failure != null) {
            Failures.reply(routed, failure, reply.fields());
            return;
        }
        HttpServerResponse response = routed.request().response();
        response.setStatusCode(reply.status());
        reply.fields().forEach(field -> response.headers().add(field.name(), field.value()));
        if (reply.status() != 204) {
            response.putHeader(HttpHeaderNames.CONTENT_LENGTH, "0");
        }
        gate.changeResponse(ClientRequest.fieldsOf(response), routed, null);
        if (explanation != null) {
            explanation.addToOwn(ClientRequest.fieldsOf(response), reply.status(), null);
        }
        routed.client().completeFields(response);
        response.end();
    }
}
