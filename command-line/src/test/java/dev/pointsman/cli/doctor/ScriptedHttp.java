package dev.pointsman.cli.doctor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that responds as told: a Consul agent, an admin API or an instance, as far as a test needs one. */
final class ScriptedHttp implements AutoCloseable {
    private final Map<String, ScriptedReply> replies = new ConcurrentHashMap<>();
    private final List<HttpExchange> exchanges = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    /** What it responds with. */
    private record ScriptedReply(int status, String body, Map<String, String> fields) {}

    ScriptedHttp() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            exchanges.add(exchange);
            ScriptedReply reply = replies.getOrDefault(
                    exchange.getRequestURI().toString(),
                    replies.getOrDefault(exchange.getRequestURI().getPath(), new ScriptedReply(404, "", Map.of())));
            reply.fields().forEach(exchange.getResponseHeaders()::set);
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), isHead || body.length == 0 ? -1 : body.length);
            if (!isHead) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
    }

    /** @param path with a query, or without one for any */
    ScriptedHttp on(String path, int status, String body, Map<String, String> fields) {
        replies.put(path, new ScriptedReply(status, body, fields));
        return this;
    }

    ScriptedHttp on(String path, String body) {
        return on(path, 200, body, Map.of());
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    /** The requests that came, as {@code GET /path}. */
    List<String> requests() {
        return exchanges.stream()
                .map(each -> each.getRequestMethod() + " " + each.getRequestURI())
                .toList();
    }

    /** The values of a field in the requests that came. */
    List<String> values(String field) {
        return exchanges.stream()
                .flatMap(each -> each.getRequestHeaders().getOrDefault(field, List.of()).stream())
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
