package dev.pointsman.launcher.drain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pointsman.registry.OneLine;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client of balancers over HTTP: {@code GET /api/instances/ID?node=NODE} of the admin API. */
public final class VertxBalancerClient implements BalancerClient {
    private static final Logger LOG = LoggerFactory.getLogger(VertxBalancerClient.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TIMEOUT_MILLIS = 1_000;

    private final HttpClient client;

    /** @param vertx stays the caller's to close, and with it this */
    public VertxBalancerClient(Vertx vertx) {
        client = vertx.httpClientBuilder()
                .with(new HttpClientOptions().setConnectTimeout(TIMEOUT_MILLIS))
                // A request in flight fails too; without this, Vert.x logs the failure as an error.
                .withConnectHandler(connection -> connection.exceptionHandler(
                        broken -> LOG.debug("A connection to a balancer broke: {}", OneLine.of(broken.toString()))))
                .build();
    }

    @Override
    public CompletionStage<BalancerReply> ask(String admin, DrainSubject subject) {
        CompletableFuture<BalancerReply> reply = new CompletableFuture<>();
        try {
            RequestOptions options = new RequestOptions()
                    .setMethod(HttpMethod.GET)
                    .setAbsoluteURI("http://" + admin + "/api/instances/" + segment(subject.id())
                            + (subject.node() == null ? "" : "?node=" + segment(subject.node())))
                    .setTimeout(TIMEOUT_MILLIS);
            client.request(options)
                    .compose(request -> request.send()
                            .compose(response -> response.body().map(body -> read(response.statusCode(), body))))
                    .onSuccess(reply::complete)
                    .onFailure(
                            failure -> reply.complete(new BalancerReply.NoReply(String.valueOf(failure.getMessage()))));
        } catch (RuntimeException badAddress) {
            reply.complete(new BalancerReply.NoReply(String.valueOf(badAddress.getMessage())));
        }
        // The timeout of Vert.x starts anew with each packet.
        return reply.completeOnTimeout(
                new BalancerReply.NoReply("no response within " + TIMEOUT_MILLIS + " ms"),
                TIMEOUT_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    static BalancerReply read(int status, Buffer body) {
        if (status == 404) {
            return new BalancerReply.TooOld();
        }
        if (status != 200) {
            return new BalancerReply.NoReply("it responded with " + status);
        }
        try {
            JsonNode root = JSON.readTree(body.getBytes());
            if (!root.path("acceptsNew").isBoolean() || !root.path("inFlight").isIntegralNumber()) {
                return new BalancerReply.NoReply(
                        "its response says neither whether it accepts new requests nor how many are in flight");
            }
            return new BalancerReply.InstanceUse(
                    !root.path("pools").isEmpty(),
                    root.path("acceptsNew").asBoolean(),
                    root.path("inFlight").asInt());
        } catch (IOException notJson) {
            return new BalancerReply.NoReply("its response is not JSON");
        }
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
