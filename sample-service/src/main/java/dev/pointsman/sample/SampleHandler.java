package dev.pointsman.sample;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The paths of the sample service. They count by their last segments, so that they work below any prefix: a balancer
 * that routes {@code /api} hands {@code /api/slow?ms=5} on as it is.
 */
final class SampleHandler implements Handler<HttpServerRequest> {
    private final Greeting greeting;
    private final Handler<HttpServerRequest> slow;
    private final Handler<HttpServerRequest> bytes = new Bytes();
    private final Handler<HttpServerRequest> echo;
    private final Handler<HttpServerRequest> crash = new Crash();
    private final Handler<HttpServerRequest> events;
    private final Handler<HttpServerRequest> webSocket = new WebSocketEcho();
    private final Handler<HttpServerRequest> chain;

    /**
     * The paths of one instance.
     *
     * @param busy turns of the loop for each greeting, 0 for none
     * @param called how to call the other service; null if it calls none
     */
    SampleHandler(String type, long pid, long busy, @Nullable CalledService called) {
        greeting = new Greeting(type + " response from " + who(pid), busy);
        slow = new Slow(greeting);
        echo = new Echo(type, pid);
        events = new Events(greeting.text());
        chain = called == null ? request -> refuseChain(request, type) : new Chain(greeting.text(), called);
    }

    /** What tells this instance from others: its process, or its container, in which every first process is number 1. */
    private static String who(long pid) {
        String container = System.getenv("HOSTNAME");
        return pid == 1 && container != null ? container : Long.toString(pid);
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = request.path();
        List<String> segments =
                path == null ? List.of() : List.of(path.replaceAll("/+$", "").split("/", -1));
        int count = segments.size();
        String last = count == 0 ? "" : segments.get(count - 1);
        if (count > 1 && segments.get(count - 2).equals("status")) {
            StatusPath.respond(request, last);
            return;
        }
        switch (last) {
            case "health" -> respond(request, 200, "ok");
            case "slow" -> slow.handle(request);
            case "bytes" -> bytes.handle(request);
            case "echo" -> echo.handle(request);
            case "chain" -> chain.handle(request);
            case "crash" -> crash.handle(request);
            case "sse" -> events.handle(request);
            case "ws" -> webSocket.handle(request);
            default -> greeting.handle(request);
        }
    }

    private static void refuseChain(HttpServerRequest request, String type) {
        respond(request, 404, "this " + type + " calls no other service (expected: one started with --calls TAG)");
    }

    /** Responds with one line of plain text. */
    static void respond(HttpServerRequest request, int status, String line) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .end(line + "\n");
    }
}
