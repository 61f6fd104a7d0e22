package dev.pointsman.launcher.drain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

/** Asks over HTTP: {@code GET /api/instances/ID?node=NODE} of the admin API. */
public final class VertxBalancerClient implements BalancerClient {
    private static final Logger LOG = LoggerFactory.getLogger(VertxBalancerClient.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TIMEOUT_MILLIS = 1_000;

    private final HttpClient client;

    /** @param vertx stays the caller's to close, and with it this */
    public VertxBalancerClient(Vertx vertx) {
        client = vertx.httpClientBuilder()
                .with(new HttpClientOptions().setConnectTimeout(TIMEOUT_MILLIS))
                // A question under way hears of it too; without this, Vert.x logs it as an error.
                .withConnectHandler(connection -> connection.exceptionHandler(
                        broken -> LOG.debug("A connection to a balancer broke: {}", broken.toString())))
                .build();
    }

    @Override
    public CompletionStage<Reply> ask(String admin, Subject subject) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
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
                    .onFailure(failure -> reply.complete(new Reply.Silence(String.valueOf(failure.getMessage()))));
        } catch (RuntimeException badAddress) {
            reply.complete(new Reply.Silence(String.valueOf(badAddress.getMessage())));
        }
        // Vert.x counts its timeout from one sign of life to the next.
        return reply.completeOnTimeout(
                new Reply.Silence("no answer within " + TIMEOUT_MILLIS + " ms"), TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    static Reply read(int status, Buffer body) {
        if (status == 404) {
            return new Reply.TooOld();
        }
        if (status != 200) {
            return new Reply.Silence("it answered " + status);
        }
        try {
            JsonNode root = JSON.readTree(body.getBytes());
            if (!root.path("acceptsNew").isBoolean() || !root.path("inFlight").isIntegralNumber()) {
                return new Reply.Silence(
                        "its answer says neither whether it accepts new requests nor how many are under way");
            }
            return new Reply.Answer(
                    !root.path("pools").isEmpty(),
                    root.path("acceptsNew").asBoolean(),
                    root.path("inFlight").asInt());
        } catch (IOException notJson) {
            return new Reply.Silence("its answer is not JSON");
        }
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
