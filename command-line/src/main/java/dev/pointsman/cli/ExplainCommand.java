package dev.pointsman.cli;

import dev.pointsman.cli.AdminApiClient.AdminReply;
import dev.pointsman.cli.run.CommandFailure;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pointsman explain}: what would become of a request, and why. */
@Command(
        name = "explain",
        description = "Says which route and which instances a request would get, and why not others. Sends no request.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ExplainCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "-X", paramLabel = "METHOD", defaultValue = "GET", description = "its method (${DEFAULT-VALUE})")
    private String method = "";

    @Option(names = "-H", paramLabel = "'NAME: VALUE'", description = "one of its header fields; may be repeated")
    private List<String> fields = new ArrayList<>();

    @Option(names = "--client", paramLabel = "ADDRESS", description = "the client's address, where that counts")
    private @Nullable String client;

    @Parameters(
            paramLabel = "URL",
            description = "as a client asks for it: http://shop.example.com/api/x, or /api/x; or a connection of TCP:"
                    + " tcp://:5432, or with the name that TLS asks for tcp://db.example.com:8443")
    private String url = "";

    @Mixin
    private final AdminFlags admin = new AdminFlags();

    @Override
    public Integer call() throws CommandFailure {
        StringBuilder path = new StringBuilder("/api/explain?url=").append(encoded(url));
        path.append("&method=").append(encoded(method));
        fields.forEach(field -> path.append("&header=").append(encoded(field)));
        if (client != null) {
            path.append("&client=").append(encoded(client));
        }
        AdminReply reply = admin.client(PointsmanCommand.above(spec).environment())
                .exchange("GET", path.toString(), null, admin.isJson() ? "application/json" : "text/plain");
        if (reply.status() == 200) {
            boolean isConnection = url.regionMatches(true, 0, "tcp://", 0, 6);
            String begin = admin.isJson() ? "{" : isConnection ? "tcp://" : method + " ";
            if (!reply.body().regionMatches(true, 0, begin, 0, begin.length())) {
                throw AdminApiClient.somethingElse();
            }
            spec.commandLine().getOut().print(reply.body());
            return 0;
        }
        PrintWriter err = spec.commandLine().getErr();
        AdminProblems.of(reply).forEach(sentence -> err.println(spec.qualifiedName() + ": " + sentence));
        return reply.status() == 400 ? CliErrors.BAD_USAGE : CliErrors.FAILED;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
