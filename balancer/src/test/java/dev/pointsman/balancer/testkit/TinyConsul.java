package dev.pointsman.balancer.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * As much of Consul as a balancer asks for: the catalog's services and node, and the instances of a service, with blocking
 * queries on one index for all. Thread-safe.
 */
public final class TinyConsul implements AutoCloseable {
    private static final long BLOCK_MILLIS = 5_000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "tiny consul");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, JsonObject> entries = new TreeMap<>();
    private final List<JsonObject> registered = new CopyOnWriteArrayList<>();
    private long index = 10;
    private boolean silent;
    private boolean closed;

    private TinyConsul(boolean silent, int port) throws IOException {
        this.silent = silent;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        server.setExecutor(threads);
        server.createContext("/v1/", this::respond);
        server.start();
    }

    public static TinyConsul start() throws IOException {
        return new TinyConsul(false, 0);
    }

    /** One in the place of another that was closed. */
    public static TinyConsul startOn(int port) throws IOException {
        return new TinyConsul(false, port);
    }

    /** A Consul that accepts every request and responds to none until the test lets it. */
    public static TinyConsul silent() throws IOException {
        return new TinyConsul(true, 0);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public synchronized void speak() {
        silent = false;
        notifyAll();
    }

    /** Lists an instance of a service on 127.0.0.1, or what is new about it. Its status is that of its only check. */
    public synchronized void list(String service, String id, int port, String status, String output) {
        JsonObject check = new JsonObject()
                .put("CheckID", "service:" + id)
                .put("Name", "http")
                .put("Status", status)
                .put("Output", output);
        JsonObject facts = new JsonObject()
                .put("ID", id)
                .put("Service", service)
                .put("Address", "127.0.0.1")
                .put("Port", port)
                .put("Tags", new JsonArray().add(service).add("blue"))
                .put("Weights", new JsonObject().put("Passing", 1).put("Warning", 1));
        entries.put(
                id,
                new JsonObject()
                        .put("Node", new JsonObject().put("Node", "n1").put("Address", "127.0.0.1"))
                        .put("Service", facts)
                        .put("Checks", new JsonArray().add(check)));
        changed();
    }

    /** Gives an instance another weight. */
    public synchronized void weigh(String id, int passing) {
        Objects.requireNonNull(entries.get(id))
                .getJsonObject("Service")
                .getJsonObject("Weights")
                .put("Passing", passing);
        changed();
    }

    /** Gives an instance these tags beside its service's name, instead of those that it has. */
    public synchronized void tag(String id, String... tags) {
        JsonObject facts = Objects.requireNonNull(entries.get(id)).getJsonObject("Service");
        JsonArray all = new JsonArray().add(facts.getString("Service"));
        List.of(tags).forEach(all::add);
        facts.put("Tags", all);
        changed();
    }

    public synchronized void forget(String id) {
        entries.remove(id);
        changed();
    }

    private void changed() {
        index++;
        notifyAll();
    }

    private void respond(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestURI().getPath().startsWith("/v1/agent/")) {
                respondAsAgent(exchange);
                return;
            }
            exchange.getResponseHeaders().set("X-Consul-Index", Long.toString(await(asked(exchange))));
            byte[] body = body(exchange.getRequestURI().getPath()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes registrations, and lists none of them. */
    private void respondAsAgent(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.endsWith("/service/register")) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            registered.add(new JsonObject(body));
        } else if (path.contains("/service/deregister/")) {
            registered.removeIf(service -> path.endsWith("/" + service.getString("Id")));
        }
        exchange.sendResponseHeaders(200, -1);
    }

    /** What services have registered, and not taken back. */
    public List<JsonObject> registered() {
        return List.copyOf(registered);
    }

    private static long asked(HttpExchange exchange) {
        for (String parameter : exchange.getRequestURI().getQuery().split("&", -1)) {
            if (parameter.startsWith("index=")) {
                return Long.parseLong(parameter.substring("index=".length()));
            }
        }
        return 0;
    }

    private synchronized long await(long known) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BLOCK_MILLIS);
        while (!closed && (silent || index <= known)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0 && !silent) {
                break;
            }
            wait(Math.max(1, left));
        }
        return index;
    }

    private synchronized String body(String path) {
        if (path.equals("/v1/catalog/services")) {
            JsonObject services = new JsonObject();
            entries.values().forEach(entry -> {
                JsonObject facts = entry.getJsonObject("Service");
                services.put(facts.getString("Service"), facts.getJsonArray("Tags"));
            });
            return services.encode();
        }
        if (path.startsWith("/v1/catalog/node/")) {
            JsonObject services = new JsonObject();
            entries.forEach((id, entry) -> services.put(id, entry.getJsonObject("Service")));
            return new JsonObject()
                    .put("Node", new JsonObject().put("Node", "n1"))
                    .put("Services", services)
                    .encode();
        }
        String service = path.substring(path.lastIndexOf('/') + 1);
        JsonArray listed = new JsonArray();
        entries.values().stream()
                .filter(entry ->
                        entry.getJsonObject("Service").getString("Service").equals(service))
                .forEach(listed::add);
        return listed.encode();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        server.stop(0);
        threads.shutdownNow();
    }
}
