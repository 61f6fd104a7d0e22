package dev.pointsman.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pointsman.cli.AdminApiClient.AdminReply;
import dev.pointsman.cli.run.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pointsman plan}: what a configuration file would change for the requests of late. */
@Command(
        name = "plan",
        description = "Says what a configuration file would change, by replaying the recent requests of a balancer.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Nothing is changed. Exit code: 0 no request that has a route would lose it, 1 some would get 404 (or the",
            "balancer could not be asked, which standard error says), 2 the file is wrong, with all problems."
        })
final class PlanCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "a configuration file, or one with nothing but route:")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Mixin
    private final AdminFlags admin = new AdminFlags();

    @Override
    public Integer call() throws CommandFailure {
        PrintWriter err = spec.commandLine().getErr();
        String prefix = spec.qualifiedName() + ": ";
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException unreadable) {
            err.println(prefix + "\"" + file + "\" (expected: a file that can be read)");
            return CliErrors.BAD_USAGE;
        }
        String path = "/api/plan?name=" + URLEncoder.encode(file.toString(), StandardCharsets.UTF_8);
        AdminReply reply = admin.client(PointsmanCommand.above(spec).environment())
                .exchange("POST", path, content, admin.isJson() ? "application/json" : "text/plain");
        if (reply.status() == 200) {
            boolean loses = loses(reply.body());
            spec.commandLine().getOut().print(reply.body());
            return loses ? CliErrors.FAILED : 0;
        }
        AdminProblems.of(reply).forEach(sentence -> err.println(prefix + sentence));
        return reply.status() == 400 ? CliErrors.BAD_USAGE : CliErrors.FAILED;
    }

    private boolean loses(String body) throws CommandFailure {
        // Whatever else listens there must not be taken for a plan that loses nothing.
        if (!admin.isJson()) {
            if (!body.startsWith("Plan: ")) {
                throw AdminApiClient.somethingElse();
            }
            return body.lines().anyMatch(line -> line.startsWith("Would get 404: "));
        }
        try {
            JsonNode loses = new JsonMapper().readTree(body).path("loses");
            if (!loses.isBoolean()) {
                throw AdminApiClient.somethingElse();
            }
            return loses.asBoolean();
        } catch (JsonProcessingException noJson) {
            throw AdminApiClient.somethingElse();
        }
    }
}
