package dev.pointsman.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An admin API that answers as told, and a terminal at which it is asked. */
final class AdminAnswers implements AutoCloseable {
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final HttpServer server;

    AdminAnswers() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String answer = answers.get(exchange.getRequestURI().toString());
            byte[] bytes = (answer == null ? "{\"error\": \"no such path\"}" : answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    /** @param path with its query */
    void put(String path, String answer) {
        answers.put(path, answer);
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Types a command about it. */
    int type(Terminal terminal, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--admin");
        all.add(address());
        return terminal.type(all.toArray(String[]::new));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
