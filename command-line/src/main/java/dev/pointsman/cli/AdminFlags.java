package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags by which a command finds a balancer's admin API, and the calls to it. */
final class AdminFlags {
    /** The environment variable with the token, which is safer there than on a command line. */
    static final String TOKEN_VARIABLE = "POINTSMAN_ADMIN_TOKEN";

    private static final Duration TO_CONNECT = Duration.ofSeconds(5);

    /** To replay requests against 10,000 routes takes a second at most. */
    private static final Duration TO_RESPOND = Duration.ofSeconds(60);

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:9901",
            description = "the balancer's admin API (${DEFAULT-VALUE})")
    private String admin = "";

    @Option(names = "--admin-token", paramLabel = "TOKEN", description = "its token (" + TOKEN_VARIABLE + ")")
    private @Nullable String token;

    @Option(names = "--admin-token-file", paramLabel = "FILE", description = "a file with its token")
    private @Nullable Path tokenFile;

    /** A response. */
    record AdminReply(int status, String body) {}

    /**
     * Asks for a path.
     *
     * @param json whether JSON is asked for, else text
     */
    AdminReply get(String path, boolean json) throws CommandFailure {
        return send("GET", path, BodyPublishers.noBody(), json);
    }

    /** Posts a document. */
    AdminReply post(String path, byte[] body, boolean json) throws CommandFailure {
        return send("POST", path, BodyPublishers.ofByteArray(body), json);
    }

    private AdminReply send(String method, String path, BodyPublisher body, boolean json) throws CommandFailure {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(TO_RESPOND)
                .header("Accept", json ? "application/json" : "text/plain")
                .method(method, body);
        String secret = token();
        if (secret != null) {
            request.header("Authorization", "Bearer " + secret);
        }
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TO_CONNECT)
                .build();
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new AdminReply(response.statusCode(), response.body());
        } catch (IOException unreachable) {
            throw new CommandFailure("no response from the admin API at " + admin
                    + " (expected: a running balancer; --admin says where)");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while waiting for the admin API at " + admin);
        }
    }

    private URI uri(String path) {
        String base = admin.contains("://") ? admin : "http://" + admin;
        try {
            URI uri = URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException noUrl) {
            // said below
        }
        throw new ParameterException(
                command.commandLine(), "--admin: \"" + admin + "\" (expected: a URL such as http://127.0.0.1:9901)");
    }

    private @Nullable String token() throws CommandFailure {
        if (tokenFile != null) {
            try {
                return Files.readString(tokenFile).strip();
            } catch (IOException unreadable) {
                throw new CommandFailure(
                        "--admin-token-file: \"" + tokenFile + "\" (expected: a file that can be read)");
            }
        }
        Map<String, String> environment = PointsmanCommand.above(command).environment();
        String given = token == null ? environment.get(TOKEN_VARIABLE) : token;
        return given == null || given.isBlank() ? null : given.strip();
    }
}
