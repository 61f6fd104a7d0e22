package dev.pointsman.balancer.warmup;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A made-up request, as curl and browsers send them, and the response that a service gives to it. Immutable. */
final class SyntheticExchange {
    private static final SyntheticExchange SMALL =
            new SyntheticExchange("/0", Map.of("User-Agent", "curl/8.0", "Accept", "*/*"), 0, 28);

    private static final SyntheticExchange PAGE = new SyntheticExchange(
            "/1",
            Map.of(
                    "Upgrade-Insecure-Requests", "1",
                    "User-Agent", "Mozilla/5.0 (X11; Linux x86_64)",
                    "Accept", "text/html,application/xhtml+xml,*/*;q=0.8",
                    "Cache-Control", "max-age=0",
                    "Referer", "http://localhost:8080/",
                    "Accept-Encoding", "gzip, deflate, br",
                    "Accept-Language", "en",
                    "Cookie", "session=0123456789abcdef; theme=dark"),
            0,
            10 * 1024);

    private static final SyntheticExchange POST = new SyntheticExchange(
            "/2", Map.of("User-Agent", "curl/8.0", "Accept", "*/*", "Content-Type", "application/json"), 1024, 28);

    private static final SyntheticExchange CHUNKED =
            new SyntheticExchange("/3", Map.of("User-Agent", "curl/8.0", "Accept", "*/*"), 0, 64);

    private static final List<SyntheticExchange> ALL = List.of(SMALL, PAGE, POST, CHUNKED);

    /** The order of the exchanges: small requests more often than others. */
    private static final List<SyntheticExchange> ORDER =
            List.of(SMALL, PAGE, SMALL, POST, SMALL, PAGE, SMALL, POST, SMALL, PAGE, CHUNKED);

    /** The timeout of a client; a warm-up is not worth a start that hangs. */
    private static final int TIMEOUT_MILLIS =
            Math.toIntExact(Duration.ofSeconds(2).toMillis());

    private final String path;
    private final Map<String, String> requestFields;
    private final byte[] requestBody;
    private final byte[] responseBody;

    private SyntheticExchange(String path, Map<String, String> requestFields, int requestLength, int responseLength) {
        this.path = path;
        this.requestFields = requestFields;
        this.requestBody = "x".repeat(requestLength).getBytes(StandardCharsets.US_ASCII);
        this.responseBody = "x".repeat(responseLength).getBytes(StandardCharsets.US_ASCII);
    }

    /** The exchange of a client's turn, 0 being its first. */
    static SyntheticExchange ofTurn(int turn) {
        return ORDER.get(turn % ORDER.size());
    }

    /** The exchange that a request to a service belongs to. */
    static SyntheticExchange ofPath(String path) {
        return ALL.get(path.charAt(1) - '0');
    }

    /** The URL of this exchange's request. */
    URL url(String host, int port) throws MalformedURLException {
        return new URL("http", host, port, path);
    }

    /**
     * The client's side: sends the request and reads the whole response.
     *
     * @param last whether the connection ends with it
     * @throws IOException if there is no response within two seconds, or none of status 200
     */
    void send(URL url, boolean last) throws IOException {
        HttpURLConnection request = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
        request.setConnectTimeout(TIMEOUT_MILLIS);
        request.setReadTimeout(TIMEOUT_MILLIS);
        requestFields.forEach(request::setRequestProperty);
        if (last) {
            request.setRequestProperty("Connection", "close");
        }
        if (requestBody.length > 0) {
            request.setDoOutput(true);
            request.setFixedLengthStreamingMode(requestBody.length);
            try (OutputStream body = request.getOutputStream()) {
                body.write(requestBody);
            }
        }
        if (request.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("a made-up request got: " + request.getHeaderField(0));
        }
        try (InputStream body = request.getInputStream()) {
            var unused = body.readAllBytes();
        }
    }

    /**
     * The service's side: reads the whole request and responds.
     *
     * @param last whether the connection ends with it
     */
    void respond(HttpExchange exchange, boolean last) throws IOException {
        try (exchange) {
            var unused = exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.getResponseHeaders().set("ETag", "\"0123456789\"");
            // HttpExchange closes for a client that asks for it, but would not say so.
            if (last || "close".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Connection"))) {
                exchange.getResponseHeaders().set("Connection", "close");
            }
            // For HttpExchange a length of 0 means chunks.
            exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, equals(CHUNKED) ? 0 : responseBody.length);
            exchange.getResponseBody().write(responseBody);
        }
    }
}
