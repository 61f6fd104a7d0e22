package dev.pointsman.registry.consul;

import dev.pointsman.testkit.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A Consul that does what a test tells it to. It responds to blocking queries as Consul does, and can be put into every kind
 * of trouble. Asked for something that it was not told, it responds with nothing listed and index 1.
 */
final class ScriptedConsul implements AutoCloseable {
    /** What can be wrong with it. */
    enum Trouble {
        REFUSED,
        SILENT,
        STATUS_500,
        STATUS_503,
        STATUS_429,
        STATUS_403,
        NOT_FOUND,
        CONNECTION_CLOSED,
        CUT_IN_THE_BODY,
        JSON_TRUNCATED,
        HTML,
        BODY_EMPTY,
        JSON_NULL,
        INDEX_ABSENT,
        INDEX_GARBAGE,
        FILTERED_TO_NOTHING,
        LENGTH_OF_GIGABYTES,
        CHUNKS_WITHOUT_END,
        NESTED_WITHOUT_END,
        HALTED_IN_THE_BODY
    }

    private static final String NODE = "/v1/catalog/node/";
    private static final String NODE_WITHOUT_SERVICES = "{\"Node\":{},\"Services\":{}}";
    private static final String KEYS = "/v1/kv/";
    private static final String READABLE = "/v1/agent/health/service/name/";
    private static final String CHAIN = "/v1/discovery-chain/";

    private record Listing(String index, String body, boolean filtered) {}

    private record Blocked(String path, String index, HttpServerRequest request) {}

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Listing> listings = new ConcurrentHashMap<>();
    private final List<Blocked> blocked = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger mostConnections = new AtomicInteger();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final HttpServerOptions options;
    private final int port;
    private volatile @Nullable HttpServer server;
    private volatile @Nullable Trouble trouble;
    private volatile long lastContactMs;
    private volatile boolean leaderless;
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private volatile boolean serviceRead = true;
    private volatile boolean connect = true;
    private volatile boolean unknownDatacenter;
    private volatile long thinksForMs;
    private volatile long waitsForMs;

    ScriptedConsul() {
        this(new HttpServerOptions());
    }

    /** With TLS, for instance. */
    ScriptedConsul(HttpServerOptions options) {
        this.options = new HttpServerOptions(options).setHost("127.0.0.1");
        // While a trouble closes it, none of a test beside is to take it.
        port = listen(FreePorts.take());
    }

    private int listen(int wanted) {
        HttpServer opened = vertx.createHttpServer(options)
                .connectionHandler(connection -> {
                    mostConnections.accumulateAndGet(connections.incrementAndGet(), Math::max);
                    connection.closeHandler(v -> connections.decrementAndGet());
                })
                .requestHandler(this::handle);
        opened.listen(wanted).await();
        server = opened;
        return opened.actualPort();
    }

    ConsulAddress address() {
        return ConsulAddress.of("127.0.0.1", port);
    }

    /** From now on lists this (JSON with apostrophes), and responds to the queries that wait for it. */
    synchronized void list(String path, long index, String body) {
        listQuietly(path, index, body);
        wake(path);
    }

    /** As {@link #list}, and says that it left out what the token may not see. */
    synchronized void filterTo(String path, long index, String body) {
        listings.put(path, new Listing(Long.toUnsignedString(index), body.replace('\'', '"'), true));
        wake(path);
    }

    /** From now on lists this, and does not respond to the queries that wait. */
    void listQuietly(String path, long index, String body) {
        listings.put(path, new Listing(Long.toUnsignedString(index), body.replace('\'', '"'), false));
    }

    private void wake(String path) {
        for (Blocked waiting : List.copyOf(blocked)) {
            if (waiting.path.equals(path) && blocked.remove(waiting)) {
                respond(waiting.request, path);
            }
        }
    }

    void listService(String service, long index, String... instances) {
        list("/v1/health/service/" + service, index, "[" + String.join(",", instances) + "]");
    }

    /** Breaks every connection, and goes on in that way. */
    void begin(Trouble kind) {
        trouble = kind;
        HttpServer open = server;
        if (kind == Trouble.REFUSED && open != null) {
            // Not under the lock, which the server's own thread may be waiting for.
            open.close().await();
        }
        synchronized (this) {
            blocked.forEach(waiting -> waiting.request.connection().close());
            blocked.clear();
        }
    }

    /** It has not heard of the leader for so long, and says so with each response. */
    void cutOffFor(long millis) {
        lastContactMs = millis;
    }

    /** It knows no leader from now on, or again, and says so with each response. */
    void knowsNoLeader(boolean none) {
        leaderless = none;
    }

    /** Whether the token has the right {@code service:read} from now on; what is listed is not changed by it. */
    void allowServiceRead(boolean allowed) {
        serviceRead = allowed;
    }

    /** Whether Connect is enabled; it is from the start. */
    void enableConnect(boolean enabled) {
        connect = enabled;
    }

    /** It does not know the datacenter that is asked for by name, from now on, or knows it again. */
    void knowsNoDatacenter(boolean none) {
        unknownDatacenter = none;
        if (none) {
            synchronized (this) {
                for (Blocked waiting : List.copyOf(blocked)) {
                    if (blocked.remove(waiting)) {
                        fail(waiting.request.response(), 500, "No path to datacenter");
                    }
                }
            }
        }
    }

    /** The token has the right to read these paths no longer, or again, and a 403 says so. */
    void refuse(boolean none, String... paths) {
        if (none) {
            refused.addAll(Set.of(paths));
        } else {
            refused.removeAll(Set.of(paths));
        }
    }

    /** It takes so long for each response from now on, on top of the wait for a change. */
    void thinkFor(long millis) {
        thinksForMs = millis;
    }

    /** It waits no longer for a change than this, whatever it was asked to. */
    void waitAtMost(long millis) {
        waitsForMs = millis;
    }

    void endTrouble() {
        boolean closed = trouble == Trouble.REFUSED;
        trouble = null;
        if (closed) {
            listen(port);
        }
    }

    /** Every request so far, path and parameters. */
    List<String> requests() {
        return requests;
    }

    /** The tokens that came with the requests. */
    List<String> tokens() {
        return tokens;
    }

    /** The paths of the requests that wait for a response now. */
    List<String> blocked() {
        return blocked.stream().map(Blocked::path).sorted().toList();
    }

    /** The most connections that were open at a time. */
    int mostConnections() {
        return mostConnections.get();
    }

    int connections() {
        return connections.get();
    }

    private synchronized void handle(HttpServerRequest request) {
        requests.add(request.uri());
        String token = request.getHeader("X-Consul-Token");
        if (token != null) {
            tokens.add(token);
        }
        Trouble now = trouble;
        if (now != null) {
            misbehave(request, now);
            return;
        }
        if (request.path().startsWith(READABLE)) {
            request.response().setStatusCode(serviceRead ? 404 : 403).end();
            return;
        }
        if (request.path().startsWith(CHAIN)) {
            if (connect) {
                request.response().setStatusCode(serviceRead ? 200 : 403).end("{}");
            } else {
                fail(request.response(), 500, "Connect must be enabled in order to use this endpoint");
            }
            return;
        }
        if (unknownDatacenter && request.getParam("dc") != null) {
            fail(request.response(), 500, "No path to datacenter");
            return;
        }
        if (refused.contains(request.path())) {
            fail(request.response(), 403, "Permission denied");
            return;
        }
        Listing listing = listing(request.path());
        String index = String.valueOf(request.getParam("index"));
        if (!index.equals("0") && index.equals(listing.index)) {
            Blocked waiting = new Blocked(request.path(), index, request);
            blocked.add(waiting);
            if (waitsForMs > 0) {
                vertx.setTimer(waitsForMs, over -> {
                    if (blocked.remove(waiting)) {
                        respond(request, request.path());
                    }
                });
            }
            request.connection().closeHandler(v -> {
                connections.decrementAndGet();
                blocked.remove(waiting);
            });
        } else {
            respond(request, request.path());
        }
    }

    private Listing listing(String path) {
        String nothing = path.startsWith(NODE) ? NODE_WITHOUT_SERVICES : path.startsWith("/v1/catalog/") ? "{}" : "[]";
        return listings.getOrDefault(path, new Listing("1", nothing, false));
    }

    private void respond(HttpServerRequest request, String path) {
        if (thinksForMs > 0) {
            vertx.setTimer(thinksForMs, thought -> say(request, path));
        } else {
            say(request, path);
        }
    }

    private void say(HttpServerRequest request, String path) {
        Listing listing = listing(path);
        // As a Consul with the streaming backend says of itself; it must not be taken for a failure.
        good(request, listing.index)
                .setStatusCode(path.startsWith(KEYS) && listing.body.equals("[]") ? 404 : 200)
                .putHeader("X-Consul-Knownleader", "false")
                .putHeader("X-Consul-Query-Backend", leaderless ? "blocking-query" : "streaming")
                .putHeader("X-Consul-Lastcontact", Long.toString(lastContactMs))
                .putHeader("X-Consul-Results-Filtered-By-ACLs", Boolean.toString(listing.filtered))
                .end(listing.body);
    }

    private static HttpServerResponse good(HttpServerRequest request, String index) {
        return request.response().putHeader("X-Consul-Index", index).putHeader("Content-Type", "application/json");
    }

    private void misbehave(HttpServerRequest request, Trouble kind) {
        HttpServerResponse response = request.response();
        Listing listing = listing(request.path());
        String nothing = listing.body.startsWith("{") ? "{}" : "[]";
        switch (kind) {
            case STATUS_500 -> fail(response, 500, "No cluster leader");
            case STATUS_503 ->
                fail(response, 503, "Rate limit exceeded, try again later or against a different server");
            case STATUS_429 -> fail(response, 429, "Your IP is issuing too many concurrent connections");
            case STATUS_403 -> fail(response, 403, "Permission denied");
            case NOT_FOUND -> fail(response, 404, "");
            case SILENT -> {}
            case REFUSED, CONNECTION_CLOSED -> request.connection().close();
            case CUT_IN_THE_BODY ->
                good(request, "90")
                        .putHeader("Content-Length", "1000")
                        .write(nothing)
                        .onComplete(v -> request.connection().close());
            case JSON_TRUNCATED -> good(request, "90").end(listing.body.substring(0, listing.body.length() - 1));
            case HTML -> good(request, "90").end("<html>It works!</html>");
            case BODY_EMPTY -> good(request, "90").end();
            case JSON_NULL -> good(request, "90").end("null");
            case INDEX_ABSENT -> response.end(nothing);
            case INDEX_GARBAGE -> good(request, "12abc").end(nothing);
            case LENGTH_OF_GIGABYTES ->
                good(request, "90").putHeader("Content-Length", "5000000000").write("[");
            case CHUNKS_WITHOUT_END -> writeOn(good(request, "90").setChunked(true));
            case NESTED_WITHOUT_END -> good(request, "90").end("[".repeat(100_000));
            case HALTED_IN_THE_BODY ->
                good(request, "90").putHeader("Content-Length", "1000").write(nothing);
            case FILTERED_TO_NOTHING ->
                good(request, "90")
                        .putHeader("X-Consul-Results-Filtered-By-ACLs", "true")
                        .end(nothing);
        }
    }

    private static void writeOn(HttpServerResponse response) {
        response.write(" ".repeat(100_000)).onSuccess(written -> writeOn(response));
    }

    /** With the headers that Consul sends along with an error; they must not be believed. */
    private static void fail(HttpServerResponse response, int status, String text) {
        response.setStatusCode(status)
                .putHeader("X-Consul-Index", "1")
                .putHeader("X-Consul-Knownleader", "false")
                .end(text);
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    /** An instance as {@code health/service} lists it, with an address of its own for each id. */
    static String instance(String service, String id, String... tags) {
        List<String> quoted = new ArrayList<>();
        for (String tag : tags) {
            quoted.add("'" + tag + "'");
        }
        int port = 1 + Math.floorMod(id.hashCode(), 65_535);
        return "{'Node':{'Node':'n1','Address':'127.0.0.1'},'Service':{'ID':'%s','Service':'%s','Tags':%s,'Port':%d},'Checks':[]}"
                .formatted(id, service, quoted, port);
    }
}
