package dev.pointsman.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pointsman.cli.run.CommandFailure;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client of a balancer's admin API. */
final class AdminApiClient {
    /** A change is answered when it is in force, for which a registry that fails is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What is only read is there at once. */
    private static final Duration READING = Duration.ofSeconds(5);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String base;
    private final @Nullable String token;
    private final Duration patience;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

    /**
     * A client.
     *
     * @param admin host and port, or a URL
     * @param token for changes; null for none
     */
    AdminApiClient(String admin, @Nullable String token) {
        this(admin, token, PATIENCE);
    }

    private AdminApiClient(String admin, @Nullable String token, Duration patience) {
        String url = admin.contains("://") ? admin : "http://" + admin;
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.token = token;
        this.patience = patience;
    }

    /** The same with another longest wait for a whole response. */
    AdminApiClient waiting(Duration longest) {
        return new AdminApiClient(base, token, longest);
    }

    /** Where the admin API is: a URL without a slash at its end. */
    String base() {
        return base;
    }

    /** A response. */
    record AdminReply(int status, String body) {}

    JsonNode get(String path) throws CommandFailure {
        return send("GET", path, null);
    }

    /**
     * Asks for something.
     *
     * @param document YAML or JSON to be sent; null for none
     * @throws CommandFailure with what the balancer says is wrong
     */
    JsonNode send(String method, String path, @Nullable String document) throws CommandFailure {
        AdminReply reply = exchange(
                method, path, document == null ? null : document.getBytes(StandardCharsets.UTF_8), "application/json");
        JsonNode body = json(reply.body());
        if (reply.status() != 200) {
            throw new CommandFailure(problems(reply.status(), body));
        }
        return body;
    }

    /**
     * Asks for something, whatever comes of it.
     *
     * @param document YAML or JSON to be sent; null for none
     * @param accepted the media type of the response
     */
    AdminReply exchange(String method, String path, byte @Nullable [] document, String accepted) throws CommandFailure {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                    .header("Accept", accepted)
                    .method(method, document == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(document));
            if (document != null) {
                request.header("Content-Type", "application/yaml");
            }
            if (token != null) {
                request.header("Authorization", "Bearer " + token);
            }
            HttpResponse<String> response = whole(request.build());
            return new AdminReply(response.statusCode(), response.body());
        } catch (IllegalArgumentException noUrl) {
            throw CommandFailure.ofUsage("--admin: \"" + base + "\" (expected: HOST:PORT or a URL of the admin API)");
        } catch (ExecutionException | TimeoutException unreachable) {
            throw new CommandFailure("no response from the admin API at " + base
                    + " (expected: a running balancer; --admin says where)");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted before the balancer responded");
        }
    }

    /** Sends a request, and waits for all of the response: the client's own timeout ends with its head. */
    private HttpResponse<String> whole(HttpRequest request)
            throws ExecutionException, TimeoutException, InterruptedException {
        boolean reads = request.method().equals("GET");
        Duration longest = reads && patience.compareTo(READING) > 0 ? READING : patience;
        CompletableFuture<HttpResponse<String>> response = http.sendAsync(request, BodyHandlers.ofString());
        try {
            return response.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            response.cancel(true);
        }
    }

    /** For what responded, but not as the admin API does. */
    static CommandFailure somethingElse() {
        return new CommandFailure(
                "what responded is not the admin API of a balancer (expected: its address in --admin)");
    }

    private JsonNode json(String text) throws CommandFailure {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException other) {
            throw new CommandFailure(base + " does not respond as the admin API of a balancer");
        }
    }

    private static String problems(int status, JsonNode body) {
        List<String> problems = new ArrayList<>();
        body.path("problems").forEach(problem -> problems.add(problem.asText()));
        if (!problems.isEmpty()) {
            return String.join("\n", problems);
        }
        String hint =
                status == 401 || status == 403 ? " (--token-file FILE or POINTSMAN_ADMIN_TOKEN gives the token)" : "";
        return body.path("error").asText("refused with status " + status) + hint;
    }
}
