package dev.pointsman.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A blocking HTTP/1.1 client for tests: each call sends exactly the path it was given (percent signs and all), follows
 * no redirect, and returns the response with any status. Thread-safe.
 */
public final class TestHttp {
    private static final ObjectMapper JSON = new ObjectMapper();
    /**
     * The timeout of a call: long enough for a blocking query of the tests, short enough for a hanging test to be
     * noticed.
     */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String base;

    /**
     * A client of one server.
     *
     * @param base {@code http://host:port}, no slash at the end; put before every path
     */
    public TestHttp(String base) {
        this.base = base;
    }

    /** A response. {@code took} is the time from before the request was sent to after the body was read. */
    public record Reply(int status, Map<String, String> headers, String body, Duration took) {
        /** The header's first value (any case of the name), or null. */
        public @Nullable String header(String name) {
            return headers.get(name);
        }

        /** The body as JSON; fails the test when it is none. */
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new AssertionError("expected JSON, got status " + status + " with: " + body, e);
            }
        }

        /** {@code X-Consul-Index}; fails the test when there is none. */
        public long index() {
            String index = header("X-Consul-Index");
            if (index == null) {
                throw new AssertionError("no X-Consul-Index in status " + status + " with: " + body);
            }
            return Long.parseUnsignedLong(index);
        }
    }

    public Reply get(String path) {
        return send("GET", path, null, Map.of());
    }

    public Reply put(String path) {
        return send("PUT", path, null, Map.of());
    }

    public Reply put(String path, String body) {
        return send("PUT", path, body, Map.of());
    }

    public Reply delete(String path) {
        return send("DELETE", path, null, Map.of());
    }

    /**
     * Sends a request and waits for the response.
     *
     * @throws UncheckedIOException when there was none
     */
    public Reply send(String method, String path, @Nullable String body, Map<String, String> headers) {
        long start = System.nanoTime();
        try {
            return reply(client.send(request(method, path, body, headers), BodyHandlers.ofByteArray()), start);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + base + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + method + " " + base + path, e);
        }
    }

    /** Sends a GET and does not wait for the response: for blocking queries. */
    public CompletableFuture<Reply> getLater(String path) {
        long start = System.nanoTime();
        return client.sendAsync(request("GET", path, null, Map.of()), BodyHandlers.ofByteArray())
                .thenApply(response -> reply(response, start));
    }

    private HttpRequest request(String method, String path, @Nullable String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return request.build();
    }

    private static Reply reply(HttpResponse<byte[]> response, long start) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
        return new Reply(
                response.statusCode(),
                headers,
                new String(response.body(), StandardCharsets.UTF_8),
                Duration.ofNanos(System.nanoTime() - start));
    }
}
