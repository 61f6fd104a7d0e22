package dev.pointsman.bench;

import dev.pointsman.client.ClientOptions;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.client.ServiceClient;
import dev.pointsman.client.ServiceRequest;
import dev.pointsman.registry.consul.ConsulAddress;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A caller that sends GETs without a pause, so many at a time, and prints what CPU time they took: {@code FORM TARGET REGISTRY
 * AT_ONCE WARM_SECONDS SECONDS PID...}.
 *
 * <p>The form is {@code vertx} or {@code java}; the target a port of loopback, asked by the bare client of that form, or a
 * service's name, asked by Pointsman's. It prints the number of requests in the seconds that count, the seconds of CPU that
 * this process took for them (its compilers left out, which rest in a process that lives long), and those of each of the
 * processes with these ids.
 */
public final class CallerLoad {
    private static final String PATH = "/28";
    private static final int TICKS = 100;

    private final AtomicLong done = new AtomicLong();
    private volatile boolean stopping;

    private CallerLoad() {}

    public static void main(String[] args) throws Exception {
        String form = args[0];
        String target = args[1];
        ClientOptions options = ClientOptions.from(Map.of()).withConsul(ConsulAddress.from(args[2], Map.of()));
        int atOnce = Integer.parseInt(args[3]);
        List<String> others = Stream.of(args).skip(6).toList();
        CallerLoad load = new CallerLoad();
        boolean fixed = target.chars().allMatch(Character::isDigit);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        switch (form) {
            case "vertx" -> {
                if (fixed) {
                    PoolOptions pool = new PoolOptions().setHttp1MaxSize(atOnce);
                    SocketAddress server = SocketAddress.inetSocketAddress(Integer.parseInt(target), "127.0.0.1");
                    load.byVertx(vertx, vertx.createHttpClient(pool), new RequestOptions().setServer(server), atOnce);
                } else {
                    ServiceClient client = following(ServiceClient.create(vertx, options), target);
                    RequestOptions request = new RequestOptions().setServer(ServiceAddress.of(target));
                    load.byVertx(vertx, client.httpClient(), request, atOnce);
                }
            }
            case "java" -> {
                if (fixed) {
                    HttpClient client = HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .build();
                    URI uri = URI.create("http://127.0.0.1:" + target + PATH);
                    load.byJava(client, HttpRequest.newBuilder(uri).build(), atOnce);
                } else {
                    ServiceClient client = following(ServiceClient.create(options), target);
                    HttpRequest request = ServiceRequest.newBuilder(ServiceAddress.of(target), PATH)
                            .build();
                    load.byJava(client.javaClient(), request, atOnce);
                }
            }
            default -> throw new IllegalArgumentException("form: " + form + " (expected: vertx or java)");
        }
        System.out.println(load.measure(Integer.parseInt(args[4]), Integer.parseInt(args[5]), others));
        // The load ends with its process.
        Runtime.getRuntime().halt(0);
    }

    private static ServiceClient following(ServiceClient client, String service) throws Exception {
        client.follow(ServiceAddress.of(service)).toCompletableFuture().get(30, TimeUnit.SECONDS);
        return client;
    }

    private String measure(int warmSeconds, int seconds, List<String> others) throws Exception {
        Thread.sleep(warmSeconds * 1000L);
        long[] before = ticks(others);
        long doneBefore = done.get();
        Thread.sleep(seconds * 1000L);
        long[] after = ticks(others);
        StringBuilder line = new StringBuilder().append(done.get() - doneBefore);
        for (int i = 0; i < after.length; i++) {
            line.append(' ').append((after[i] - before[i]) / (double) TICKS);
        }
        stopping = true;
        return line.toString();
    }

    private static long[] ticks(List<String> others) throws Exception {
        long[] all = new long[others.size() + 1];
        for (Path thread : threads("self")) {
            all[0] += ticks(thread, true);
        }
        for (int i = 0; i < others.size(); i++) {
            for (Path thread : threads(others.get(i))) {
                all[i + 1] += ticks(thread, true);
            }
        }
        return all;
    }

    private static List<Path> threads(String pid) throws Exception {
        try (Stream<Path> threads = java.nio.file.Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.toList();
        }
    }

    /** User and system time of a thread; of one that compiles none. */
    private static long ticks(Path thread, boolean withoutCompilers) throws Exception {
        String stat;
        try {
            stat = java.nio.file.Files.readString(thread.resolve("stat"));
        } catch (java.io.IOException ended) {
            return 0;
        }
        if (withoutCompilers && stat.matches("(?s)\\d+ \\(C[12] Compiler.*")) {
            return 0;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private void byVertx(Vertx vertx, io.vertx.core.http.HttpClient client, RequestOptions request, int atOnce) {
        request.setURI(PATH);
        Context context = vertx.getOrCreateContext();
        for (int i = 0; i < atOnce; i++) {
            context.runOnContext(start -> nextByVertx(client, request));
        }
    }

    private void nextByVertx(io.vertx.core.http.HttpClient client, RequestOptions request) {
        client.request(request)
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body)
                .onComplete(ended -> {
                    count(ended.failed() ? ended.cause() : null);
                    if (!stopping) {
                        nextByVertx(client, request);
                    }
                });
    }

    private void byJava(HttpClient client, HttpRequest request, int atOnce) {
        for (int i = 0; i < atOnce; i++) {
            nextByJava(client, request);
        }
    }

    private void nextByJava(HttpClient client, HttpRequest request) {
        client.sendAsync(request, BodyHandlers.ofByteArray()).whenComplete((response, failure) -> {
            count(failure);
            if (!stopping) {
                nextByJava(client, request);
            }
        });
    }

    private void count(Throwable failure) {
        if (failure != null) {
            System.err.println("a request failed: " + failure);
            Runtime.getRuntime().halt(1);
        }
        done.incrementAndGet();
    }
}
