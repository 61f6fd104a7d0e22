package dev.pointsman.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pointsman.dist.Installation.Ended;
import dev.pointsman.testkit.DockerImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The compose file of the checkout, as a project beside others: with ports and an image of its own. Its containers go when it is closed. */
final class ComposeProject implements AutoCloseable {
    private static final Path FOLDER = Path.of("../compose").toAbsolutePath().normalize();
    private static final List<String> IMAGES = List.of("maven:3.9-eclipse-temurin-17", "hashicorp/consul:1.22");

    /** The plugin of the docker command, and the program before it. */
    private static final List<List<String>> PROGRAMS = List.of(List.of("docker", "compose"), List.of("docker-compose"));

    /** Version 1 of compose builds as the docker command does only if it is told. */
    private static final Map<String, String> BUILD_KIT =
            Map.of("DOCKER_BUILDKIT", "1", "COMPOSE_DOCKER_CLI_BUILD", "1");

    private final Path folder;
    private final List<String> compose;
    private final String name;

    private ComposeProject(Path folder, List<String> compose, String name) {
        this.folder = folder;
        this.compose = compose;
        this.name = name;
    }

    /** The project, nothing of which runs yet; the test is skipped where there is no Docker, compose or image for it. */
    static ComposeProject ofCheckout(Path folder) throws Exception {
        for (String image : IMAGES) {
            Optional<String> lack = DockerImages.lack(image);
            assumeTrue(lack.isEmpty(), () -> lack.orElse(""));
        }
        List<String> program = program(folder);
        assumeTrue(!program.isEmpty(), "There is neither 'docker compose' nor 'docker-compose'.");
        String name = "pointsman-it-" + UUID.randomUUID().toString().substring(0, 8);
        String file = Files.readString(FOLDER.resolve("compose.yaml"))
                .replace("image: pointsman/pointsman", "image: pointsman/" + name)
                .replace("\"8080:8080\"", "\"127.0.0.1::8080\"")
                .replace("\"127.0.0.1:9901:9901\"", "\"127.0.0.1::9901\"")
                .replace("\"127.0.0.1:8500:8500\"", "\"127.0.0.1::8500\"");
        assertThat(file).doesNotContain(":8080:8080", "\"8080:", ":9901:", ":8500:8500");
        Path own = Files.writeString(folder.resolve("compose.yaml"), file);
        List<String> compose = new ArrayList<>(program);
        compose.addAll(List.of("-p", name, "--project-directory", FOLDER.toString(), "-f", own.toString()));
        return new ComposeProject(folder, compose, name);
    }

    private static List<String> program(Path folder) throws Exception {
        for (List<String> program : PROGRAMS) {
            List<String> version = new ArrayList<>(program);
            version.add("version");
            try {
                if (Installation.run(folder, Map.of(), version.toArray(String[]::new))
                                .exitCode()
                        == 0) {
                    return program;
                }
            } catch (IOException notThere) {
                // Then the next one may be.
            }
        }
        return List.of();
    }

    /** Builds what has changed, and starts or stops containers until there are as many, such as {@code api-service=3}. */
    void up(String... scales) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("up", "-d", "--build"));
        for (String scale : scales) {
            arguments.addAll(List.of("--scale", scale));
        }
        // The first build downloads what Maven needs.
        compose(Duration.ofMinutes(15), arguments);
    }

    /** Where a port of a container is open on this machine, as {@code host:port}. */
    String address(String service, int port) throws Exception {
        return compose(Duration.ofMinutes(1), List.of("port", service, String.valueOf(port)))
                .strip();
    }

    /** How the containers are, a line for each: such as {@code Up 5 seconds (healthy)} or {@code Exited (143) 1 second ago}. */
    String states() throws Exception {
        Ended ended = Installation.run(
                folder,
                Map.of(),
                "docker",
                "ps",
                "-a",
                "--filter",
                "label=com.docker.compose.project=" + name,
                "--format",
                "{{.Names}} {{.Status}}");
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output();
    }

    void stop() throws Exception {
        compose(Duration.ofMinutes(2), List.of("stop"));
    }

    private String compose(Duration within, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(compose);
        command.addAll(arguments);
        Ended ended = Installation.run(folder, BUILD_KIT, within, command.toArray(String[]::new));
        assertThat(ended.exitCode())
                .as("%s: %s", String.join(" ", arguments), ended.output())
                .isZero();
        return ended.output();
    }

    @Override
    public void close() {
        try {
            compose(Duration.ofMinutes(2), List.of("down", "--volumes", "--remove-orphans"));
            Installation.run(folder, Map.of(), "docker", "image", "rm", "pointsman/" + name);
        } catch (Exception failed) {
            throw new IllegalStateException("something of " + name + " may be left", failed);
        }
    }
}
