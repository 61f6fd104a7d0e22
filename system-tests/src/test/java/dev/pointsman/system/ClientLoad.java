package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.client.ServiceAddress;
import dev.pointsman.client.ServiceClient;
import dev.pointsman.client.ServiceRequest;
import dev.pointsman.pool.Upstream;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Callers that send requests by a {@link ServiceClient} without a pause, each one after the other: for each kind of request one
 * by Vert.x's form of the client, and one by the JDK's, twice. It counts which instance responded, and keeps every failure.
 */
final class ClientLoad {
    private static final int CALLERS_OF_A_KIND = 2;
    /** A caller that fails this often has nothing more to find out. */
    private static final int MOST_FAILURES = 50;

    private static final int LONGEST_SECONDS = 240;
    private static final ServiceAddress API = ServiceAddress.of(Cluster.API);
    private static final String PATH = "/api/x";
    private static final String BODY = "hello";

    private final ServiceClient client;
    private final Responders responders = new Responders();
    private final Queue<CallFailure> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /** A kind of request, by what a client may do with it. */
    enum CallKind {
        /** May be sent again. */
        GET,
        /** May be sent once. */
        POST,
        /** May be sent again, as its {@code Idempotency-Key} says. */
        KEYED_POST
    }

    /** A call that failed, with the sentence that its caller got. */
    record CallFailure(CallKind kind, String caller, String sentence) {}

    private ClientLoad(ServiceClient client) {
        this.client = client;
    }

    /** Starts it. */
    static ClientLoad start(ServiceClient client) {
        ClientLoad load = new ClientLoad(client);
        for (CallKind kind : CallKind.values()) {
            for (int i = 1; i <= CALLERS_OF_A_KIND; i++) {
                load.startCaller(kind, "vertx-" + i, load::callByVertx);
                load.startCaller(kind, "java-" + i, load::callByJava);
            }
        }
        load.threads.forEach(Thread::start);
        return load;
    }

    /** The number of callers of a kind: so many of its requests are under way at the same time, at the most. */
    static int callersOf(CallKind kind) {
        return CALLERS_OF_A_KIND * 2;
    }

    private interface ClientForm {
        Response call(CallKind kind) throws IOException, InterruptedException, ExecutionException, TimeoutException;
    }

    private void startCaller(CallKind kind, String form, ClientForm calls) {
        String name = kind + " by " + form;
        threads.add(new Thread(() -> run(kind, name, calls), name));
    }

    private void run(CallKind kind, String name, ClientForm calls) {
        int failed = 0;
        while (!stopping && failed < MOST_FAILURES) {
            try {
                Response response = calls.call(kind);
                if (response.isGreeting()) {
                    responders.count(response.pid());
                    continue;
                }
                failures.add(new CallFailure(kind, name, response.toString()));
            } catch (InterruptedException ended) {
                return;
            } catch (ExecutionException e) {
                failures.add(new CallFailure(kind, name, String.valueOf(e.getCause())));
            } catch (IOException | TimeoutException | RuntimeException e) {
                failures.add(new CallFailure(kind, name, e.toString()));
            }
            failed++;
        }
    }

    private Response callByVertx(CallKind kind) throws InterruptedException, ExecutionException, TimeoutException {
        RequestOptions options = new RequestOptions()
                .setServer(API)
                .setMethod(kind == CallKind.GET ? HttpMethod.GET : HttpMethod.POST)
                .setURI(PATH);
        if (kind == CallKind.KEYED_POST) {
            options.putHeader("Idempotency-Key", "any");
        }
        return client.httpClient()
                .request(options)
                // All of it on the event loop, so that no part of the response is missed.
                .compose(request -> (kind == CallKind.GET ? request.send() : request.send(BODY))
                        .compose(response -> response.body()
                                .map(body -> new Response(response.statusCode(), Map.of(), body.toString()))))
                .toCompletionStage()
                .toCompletableFuture()
                .get(LONGEST_SECONDS, TimeUnit.SECONDS);
    }

    private Response callByJava(CallKind kind) throws IOException, InterruptedException {
        HttpRequest.Builder request = ServiceRequest.newBuilder(API, PATH);
        if (kind != CallKind.GET) {
            request.POST(BodyPublishers.ofString(BODY));
        }
        if (kind == CallKind.KEYED_POST) {
            request.header("Idempotency-Key", "any");
        }
        var response = client.javaClient().send(request.build(), BodyHandlers.ofString());
        return new Response(response.statusCode(), Map.of(), response.body());
    }

    Responders responders() {
        return responders;
    }

    /** The requests that are under way at an instance. */
    int inFlight(ServiceProcess at) {
        return client.instances(API).upstreams().stream()
                .filter(upstream -> upstream.key().id().equals(at.id()))
                .mapToInt(Upstream::inFlight)
                .sum();
    }

    List<CallFailure> failures() {
        return List.copyOf(failures);
    }

    List<CallFailure> failures(CallKind kind) {
        return failures.stream().filter(failure -> failure.kind == kind).toList();
    }

    /** Fails the test if any call has failed up to now. */
    void hasNotFailed() {
        assertThat(failures)
                .as("failures among %s and more responses", responders.total())
                .isEmpty();
    }

    /** Lets the calls under way finish, sends no more, and fails the test if any has failed, or if the client counts one as in flight. */
    void endsWithoutFailure() {
        endsWithNothingInFlight();
        hasNotFailed();
    }

    /** As above, whatever has failed. */
    void endsWithNothingInFlight() {
        stopping = true;
        Soon.isTrue("the responses to the last calls", this::isOver);
        assertThat(responders.total()).as("responses").isPositive();
        Soon.holds("nothing in flight", () -> assertThat(client.instances(API).upstreams())
                .allSatisfy(upstream ->
                        assertThat(upstream.inFlight()).as("%s", upstream).isZero()));
    }

    private boolean isOver() {
        return threads.stream().noneMatch(Thread::isAlive);
    }

    /** Ends it whatever is under way. */
    void end() {
        stopping = true;
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        List<CallFailure> all = failures();
        return "responses by pid: " + responders.responses() + ", failures: " + all.size() + ", the first ones: "
                + all.subList(0, Math.min(20, all.size()));
    }
}
