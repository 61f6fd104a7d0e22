package dev.pointsman.bench;

import dev.pointsman.client.ClientOptions;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.client.ServiceClient;
import dev.pointsman.registry.consul.ConsulAddress;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How soon a client follows its registry while it sends requests without a pause: {@code REGISTRY ROUNDS AT_ONCE}. In each round
 * an instance is registered and deregistered again beside one that stays. It prints the times from the response to the
 * registration to the first request there, and from the response to the deregistration to the last one (0 where the last one
 * was earlier), in milliseconds: median and largest.
 */
public final class FollowTime {
    private static final String SERVICE = "follow-time";
    private static final long QUIET_MILLIS = 300;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient plain = HttpClient.newHttpClient();
    private final String registry;
    private volatile long first;
    private volatile long last;

    private FollowTime(String registry) {
        this.registry = registry;
    }

    public static void main(String[] args) throws Exception {
        new FollowTime(args[0]).run(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        Runtime.getRuntime().halt(0);
    }

    private void run(int rounds, int atOnce) throws Exception {
        register("stays", server(false));
        int comes = server(true);
        ClientOptions options = ClientOptions.from(Map.of()).withConsul(ConsulAddress.from(registry, Map.of()));
        ServiceClient client = ServiceClient.create(options);
        client.follow(ServiceAddress.of(SERVICE)).toCompletableFuture().get(30, TimeUnit.SECONDS);
        for (int i = 0; i < atOnce; i++) {
            Context context = vertx.getOrCreateContext();
            context.runOnContext(start -> next(client));
        }
        List<Double> coming = new ArrayList<>();
        List<Double> leaving = new ArrayList<>();
        for (int round = 0; round < rounds + 5; round++) {
            first = 0;
            long registered = register("comes-" + round, comes);
            while (first == 0) {
                Thread.onSpinWait();
                Thread.sleep(1);
            }
            Thread.sleep(QUIET_MILLIS);
            long deregistered = put("/v1/agent/service/deregister/comes-" + round, "");
            Thread.sleep(QUIET_MILLIS);
            if (round >= 5) {
                // The first ones found a JVM that was cold.
                coming.add((first - registered) / 1e6);
                leaving.add(Math.max(0, last - deregistered) / 1e6);
            }
        }
        print("registered to first request", coming);
        print("deregistered to last request", leaving);
    }

    private static void print(String what, List<Double> times) {
        double[] sorted =
                times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%s: median %.1f ms, largest %.1f ms, of %d%n",
                what,
                sorted[sorted.length / 2],
                sorted[sorted.length - 1],
                sorted.length);
    }

    private void next(ServiceClient client) {
        client.httpClient()
                .request(new RequestOptions().setServer(ServiceAddress.of(SERVICE)))
                .compose(request -> request.send().compose(HttpClientResponse::body))
                .onComplete(ended -> {
                    if (ended.failed()) {
                        System.err.println("a request failed: " + ended.cause());
                    }
                    next(client);
                });
    }

    private int server(boolean watched) throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            if (watched) {
                long now = System.nanoTime();
                last = now;
                if (first == 0) {
                    first = now;
                }
            }
            request.response().end("ok");
        });
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .actualPort();
    }

    private long register(String id, int port) throws IOException, InterruptedException {
        return put(
                "/v1/agent/service/register",
                "{\"ID\":\"" + id + "\",\"Name\":\"" + SERVICE + "\",\"Address\":\"127.0.0.1\",\"Port\":" + port + "}");
    }

    /** When the response was there. */
    private long put(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(registry + path))
                .PUT(BodyPublishers.ofString(body))
                .build();
        int status = plain.send(request, BodyHandlers.discarding()).statusCode();
        long now = System.nanoTime();
        if (status != 200) {
            throw new IOException("PUT " + path + ": " + status);
        }
        return now;
    }
}
