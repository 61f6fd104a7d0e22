package dev.pointsman.system;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A program that knows nothing of Pointsman: it greets on the port that its environment names, and ends when it is told. */
final class PlainProgram {
    private PlainProgram() {}

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(System.getenv("PORT"));
        byte[] greeting = ("response from " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] body = ("plain " + new String(greeting, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
