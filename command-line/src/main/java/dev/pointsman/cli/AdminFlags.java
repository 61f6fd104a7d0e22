package dev.pointsman.cli;

import dev.pointsman.balancer.config.AdminAccess;
import dev.pointsman.cli.run.CommandFailure;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags by which a command finds a balancer's admin API, and shows that it may change something there. */
final class AdminFlags {
    @Option(names = "--admin", paramLabel = "URL", description = "the balancer's admin API (127.0.0.1:9901)")
    private String admin = "127.0.0.1:9901";

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "the file with the token, for changes (POINTSMAN_ADMIN_TOKEN, else none)")
    private @Nullable Path tokenFile;

    @Option(names = "--json", description = "as JSON, as the admin API gives it")
    private boolean json;

    boolean isJson() {
        return json;
    }

    AdminApiClient client(Map<String, String> environment) throws CommandFailure {
        Path file = tokenFile;
        if (file == null) {
            return new AdminApiClient(admin, environment.get(AdminAccess.TOKEN_VARIABLE));
        }
        String token = AdminAccess.tokenIn(file);
        if (token == null) {
            throw CommandFailure.ofUsage(
                    "--token-file: \"" + file + "\" (expected: a file that can be read and holds the token)");
        }
        return new AdminApiClient(admin, token);
    }
}
