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
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Callers that send GETs without a pause, so many at a time, and take turns in one process: so what else the machine does, and
 * what a process is like, is the same for all of them. {@code REGISTRY AT_ONCE WARM_TURNS TURNS TURN_MILLIS PID,... FORM:TARGET...}
 *
 * <p>The form is {@code vertx} or {@code java}; the target a port of loopback, asked by the bare client of that form, or a
 * service's name, asked by Pointsman's. Of each turn that counts one line is printed: the caller's number, its requests, the
 * microseconds of CPU that this process took for them (its compilers left out, which rest in a process that lives long), and
 * those of each of the processes with these ids. From turn to turn the order turns back.
 */
public final class CallerLoad {
    private static final String PATH = "/28";

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final ClientOptions options;
    private final int atOnce;

    private CallerLoad(ClientOptions options, int atOnce) {
        this.options = options;
        this.atOnce = atOnce;
    }

    /** One way to send a request; its future ends when the response is read. */
    private interface Caller {
        CompletableFuture<?> call();
    }

    public static void main(String[] args) {
        try {
            run(args);
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            // The threads of the clients would keep the process.
            System.exit(1);
        }
    }

    private static void run(String[] args) throws Exception {
        ClientOptions options = ClientOptions.from(Map.of()).withConsul(ConsulAddress.from(args[0], Map.of()));
        CallerLoad load = new CallerLoad(options, Integer.parseInt(args[1]));
        List<String> processes = new ArrayList<>(List.of("self"));
        processes.addAll(List.of(args[5].split(",", -1)));
        List<Caller> callers = new ArrayList<>();
        for (String written : List.of(args).subList(6, args.length)) {
            callers.add(load.caller(written));
        }
        int warm = Integer.parseInt(args[2]);
        int turns = warm + Integer.parseInt(args[3]);
        for (int turn = 0; turn < turns; turn++) {
            for (int i = 0; i < callers.size(); i++) {
                int number = turn % 2 == 0 ? i : callers.size() - 1 - i;
                String measured = load.turn(callers.get(number), Long.parseLong(args[4]), processes);
                if (turn >= warm) {
                    System.out.println(number + measured);
                }
            }
        }
    }

    private Caller caller(String written) throws Exception {
        String[] parts = written.split(":", 2);
        boolean fixed = parts[1].chars().allMatch(Character::isDigit);
        return switch (parts[0]) {
            case "vertx" -> fixed ? vertxAt(Integer.parseInt(parts[1])) : vertxTo(parts[1]);
            case "java" -> fixed ? javaAt(Integer.parseInt(parts[1])) : javaTo(parts[1]);
            default -> throw new IllegalArgumentException("form: " + parts[0] + " (expected: vertx or java)");
        };
    }

    private Caller vertxAt(int port) {
        io.vertx.core.http.HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(atOnce));
        return vertxCaller(client, new RequestOptions().setServer(SocketAddress.inetSocketAddress(port, "127.0.0.1")));
    }

    private Caller vertxTo(String service) throws Exception {
        ServiceClient client = following(ServiceClient.create(vertx, options), service);
        return vertxCaller(client.httpClient(), new RequestOptions().setServer(ServiceAddress.of(service)));
    }

    private static Caller vertxCaller(io.vertx.core.http.HttpClient client, RequestOptions request) {
        request.setURI(PATH);
        return () -> {
            CompletableFuture<Object> ended = new CompletableFuture<>();
            client.request(request)
                    .compose(HttpClientRequest::send)
                    .compose(HttpClientResponse::body)
                    .onComplete(body -> {
                        if (body.succeeded()) {
                            ended.complete(body);
                        } else {
                            ended.completeExceptionally(body.cause());
                        }
                    });
            return ended;
        };
    }

    private static Caller javaAt(int port) {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return javaCaller(client, HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + PATH)));
    }

    private Caller javaTo(String service) throws Exception {
        ServiceClient client = following(ServiceClient.create(options), service);
        return javaCaller(client.javaClient(), ServiceRequest.newBuilder(ServiceAddress.of(service), PATH));
    }

    private static Caller javaCaller(HttpClient client, HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        return () -> client.sendAsync(request, BodyHandlers.ofByteArray());
    }

    private static ServiceClient following(ServiceClient client, String service) throws Exception {
        client.follow(ServiceAddress.of(service)).toCompletableFuture().get(30, TimeUnit.SECONDS);
        return client;
    }

    private String turn(Caller caller, long millis, List<String> processes) throws Exception {
        List<Long> before = cpuNanos(processes);
        Turn turn = new Turn(caller, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
        context.runOnContext(start -> {
            for (int i = 0; i < atOnce; i++) {
                turn.next();
            }
        });
        int requests = turn.over.get(30, TimeUnit.SECONDS);
        List<Long> after = cpuNanos(processes);
        StringBuilder line = new StringBuilder(" ").append(requests);
        for (int i = 0; i < after.size(); i++) {
            line.append(' ').append((after.get(i) - before.get(i)) / 1000);
        }
        return line.toString();
    }

    /** The requests of one turn, from the first to the end of the last that was under way when the time was over. */
    private final class Turn {
        private final Caller caller;
        private final long end;
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicInteger underWay = new AtomicInteger(atOnce);
        private final CompletableFuture<Integer> over = new CompletableFuture<>();

        Turn(Caller caller, long end) {
            this.caller = caller;
            this.end = end;
        }

        void next() {
            caller.call().whenComplete((response, failure) -> {
                if (failure != null) {
                    over.completeExceptionally(failure);
                    return;
                }
                done.incrementAndGet();
                if (System.nanoTime() - end < 0) {
                    next();
                } else if (underWay.decrementAndGet() == 0) {
                    over.complete(done.get());
                }
            });
        }
    }

    private static List<Long> cpuNanos(List<String> processes) throws IOException {
        List<Long> all = new ArrayList<>();
        for (String process : processes) {
            long sum = 0;
            try (Stream<Path> threads = Files.list(Path.of("/proc/" + process + "/task"))) {
                for (Path thread : threads.toList()) {
                    sum += cpuNanos(thread);
                }
            }
            all.add(sum);
        }
        return all;
    }

    /** The time on a processor of a thread; of one that compiles none. */
    private static long cpuNanos(Path thread) {
        try {
            String name = Files.readString(thread.resolve("comm"));
            return name.matches("(?s)C[12] Compiler.*")
                    ? 0
                    : Long.parseLong(
                            Files.readString(thread.resolve("schedstat")).split(" ", 2)[0]);
        } catch (IOException ended) {
            return 0;
        }
    }
}
