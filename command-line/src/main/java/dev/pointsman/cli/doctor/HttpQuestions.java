package dev.pointsman.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A client that asks over HTTP/1.1 and waits for a bounded time. It follows no redirection, so that what a request carries goes where it was
 * addressed to and nowhere else. Thread-safe.
 */
final class HttpQuestions {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final int LONGEST_BODY = 16 << 20;
    private static final ExecutorService READERS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "response-reader");
        thread.setDaemon(true);
        return thread;
    });

    private final HttpClient http;

    /** @param tls null where the JVM's own trust store counts */
    HttpQuestions(@Nullable SSLContext tls) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(READERS)
                .connectTimeout(CONNECT);
        http = (tls == null ? builder : builder.sslContext(tls)).build();
    }

    /**
     * A response.
     *
     * @param took from before the request was sent until the body was there
     */
    record HttpReply(int status, Map<String, String> fields, String body, Duration took) {
        /** A field's first value, by its name in small letters; null if there is none. */
        @Nullable
        String field(String name) {
            return fields.get(name);
        }
    }

    /**
     * Asks.
     *
     * @param document null for none
     * @param longest for the whole response
     * @throws IOException whose message says why there is no response
     */
    HttpReply ask(String method, String url, Map<String, String> fields, @Nullable String document, Duration longest)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(URI.create(url))
                    .method(method, document == null ? BodyPublishers.noBody() : BodyPublishers.ofString(document));
        } catch (IllegalArgumentException noUrl) {
            throw new IOException("not the URL of anything that could be asked");
        }
        fields.forEach(request::header);
        CompletableFuture<HttpReply> reply = http.sendAsync(request.build(), BodyHandlers.ofInputStream())
                .thenApplyAsync(response -> read(response, start), READERS);
        try {
            return reply.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException silent) {
            throw new IOException("no response within " + seconds(longest));
        } catch (ExecutionException failed) {
            throw new IOException(reason(failed));
        } finally {
            reply.cancel(true);
        }
    }

    private static HttpReply read(HttpResponse<InputStream> response, long start) {
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(LONGEST_BODY + 1);
            if (bytes.length > LONGEST_BODY) {
                throw new IOException("a response of more than " + (LONGEST_BODY >> 20) + " MiB");
            }
            Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            response.headers().map().forEach((name, values) -> fields.put(name, values.get(0)));
            return new HttpReply(
                    response.statusCode(),
                    fields,
                    new String(bytes, StandardCharsets.UTF_8),
                    Duration.ofNanos(System.nanoTime() - start));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() / 1000.0 + " s";
    }

    /** What went wrong at the bottom of it: the JDK's client wraps it several times. */
    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String kind =
                switch (root.getClass().getSimpleName()) {
                    case "ClosedChannelException", "ConnectException" -> "no connection";
                    case "UnresolvedAddressException", "UnknownHostException" -> "there is no such host";
                    case "HttpConnectTimeoutException" -> "no connection within " + seconds(CONNECT);
                    case "SSLHandshakeException", "SSLException", "SunCertPathBuilderException" -> "TLS";
                    default -> "";
                };
        String message = root.getMessage() == null ? "" : root.getMessage();
        if (kind.startsWith("no connection within") || message.isEmpty()) {
            return kind.isEmpty() ? root.getClass().getSimpleName() : kind;
        }
        return kind.isEmpty() || message.contains(kind) ? message : kind + ": " + message;
    }
}
