package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The access log of a balancer under load, and how it is rotated. */
class AccessLogIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROTATIONS = 4;

    @RegisterExtension
    final Cluster cluster = new Cluster();

    @TempDir
    private Path folder = Path.of(".");

    private BalancerProcess balancer(String... more) {
        BalancerProcess balancer = cluster.devBalancer(more);
        ServiceProcess unused = cluster.service(API);
        balancer.awaitReadyInstances(API, 1);
        return balancer;
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"USR1", "HUP"})
    void no_line_is_lost_while_it_is_rotated_under_load(String signal) throws IOException {
        BalancerProcess balancer = balancer("--access-log", file("log").toString(), "--access-log-format", "json");
        Load load = cluster.load(balancer, "/api/x");
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < ROTATIONS; i++) {
            load.awaitMore(200);
            Path rotated = file("log." + i);
            Files.move(file("log"), rotated);
            files.add(rotated);
            balancer.program().signal(signal);
            Soon.isTrue("lines in the new file", () -> size(file("log")) > 0);
        }
        load.endsWithoutFailure();
        balancer.program().signal("TERM");
        assertThat(balancer.program().awaitExit()).isZero();

        files.add(file("log"));
        Set<String> ids = new HashSet<>();
        for (Path each : files) {
            for (String line : Files.readAllLines(each)) {
                JsonNode json = JSON.readTree(line);
                assertThat(json.path("status").asInt()).isEqualTo(200);
                assertThat(json.path("uri").asText()).isEqualTo("/api/x");
                ids.add(json.path("id").asText());
            }
        }
        // A line for each, and none twice.
        assertThat(ids).hasSize((int) load.total());
        assertThat(files.stream().mapToLong(AccessLogIT::lines).sum()).isEqualTo(load.total());
        assertThat(balancer.program().output()).doesNotContain("dropped");
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void it_goes_to_standard_output_where_it_is_told_to() {
        BalancerProcess balancer = balancer("--access-log", "-", "--access-log-format", "line {path} {status}");

        assertThat(balancer.get("/api/x?token=hidden").status()).isEqualTo(200);

        Soon.isTrue(
                "the line", () -> balancer.program().output().lines().anyMatch(line -> line.equals("line /api/x 200")));
    }

    @Test
    void a_file_that_cannot_be_opened_ends_the_start_in_one_sentence() {
        Program program = cluster.pointsman(
                "balancer",
                Stream.concat(
                                Cluster.anyPorts(),
                                Stream.of(
                                        "--dev",
                                        "--access-log",
                                        file("missing/log").toString()))
                        .toArray(String[]::new));

        assertThat(program.awaitExit()).isEqualTo(2);
        assertThat(program.output().lines())
                .singleElement()
                .asString()
                .contains("--access-log", "missing/log", "expected: a file that can be written");
    }
}
