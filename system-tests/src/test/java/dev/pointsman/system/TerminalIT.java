package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pointsman.testkit.TestHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees at a terminal of a balancer that runs, and its log as JSON. */
class TerminalIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CLIENTS = Pattern.compile("\"clients\":\"http://[^\"]*:(\\d+)\"");

    @RegisterExtension
    final Cluster cluster = new Cluster();

    @BeforeEach
    void a_registry_runs() {
        Program unused = cluster.startRegistry(0);
    }

    @Test
    void the_death_of_an_instance_is_among_the_changes_and_in_the_status_that_scripts_can_ask_for() {
        List<ServiceProcess> services = cluster.services(2, API);
        // Without a check, so that the balancer alone can notice the death, however slow the machine is.
        String check = "service:" + services.get(0).id();
        assertThat(new TestHttp(cluster.registry())
                        .put("/v1/agent/check/deregister/" + check)
                        .status())
                .isEqualTo(200);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 2);
        String admin = admin(balancer);
        Program following = cluster.pointsman("changes", "--admin", admin, "-f", "--json");
        following.awaitOutput("the first table", Pattern.compile("\"table\":"));

        services.get(0).signal("KILL");
        services.get(0).awaitExit();
        Soon.isTrue("the ejection", () -> {
            balancer.get("/api/x");
            return !"ready".equals(balancer.states(API).get(services.get(0).id()));
        });

        following.awaitOutput(
                "the ejection", Pattern.compile("\"id\":\"" + services.get(0).id() + "\".*\"to\":\"ejected\""));
        Program changes = cluster.pointsman("changes", "--admin", admin);
        assertThat(changes.awaitExit()).isZero();
        assertThat(changes.output().lines())
                .anySatisfy(line -> assertThat(line).contains(services.get(0).id(), "ready", "ejected"));
        Program status = cluster.pointsman("status", "--admin", admin);
        assertThat(status.awaitExit()).isZero();
        assertThat(status.output()).startsWith("ready since ").containsPattern(API + " +1/2 ");
    }

    @Test
    void the_status_of_a_balancer_that_is_not_there_is_1_and_wrong_usage_is_2() {
        BalancerProcess balancer = cluster.balancer();
        String admin = admin(balancer);
        balancer.program().signal("TERM");
        assertThat(balancer.program().awaitExit()).isZero();

        assertThat(cluster.pointsman("status", "--admin", admin).awaitExit()).isEqualTo(1);
        assertThat(cluster.pointsman("status", "--frobnicate").awaitExit()).isEqualTo(2);
    }

    @Test
    void with_log_format_json_every_line_of_a_balancer_is_an_object_and_names_the_request_it_is_about()
            throws Exception {
        ServiceProcess service = cluster.service(API);
        Program balancer = cluster.start(
                "balancer",
                Map.of(),
                Jar.command(
                        "balancer",
                        Stream.concat(
                                        Cluster.anyPorts(),
                                        Stream.of("--log-format", "json", "--consul", cluster.registry()))
                                .toArray(String[]::new)));
        int port = Integer.parseInt(balancer.awaitOutput("its ports", CLIENTS).group(1));
        service.signal("KILL");
        service.awaitExit();

        TestHttp.Reply failed = new TestHttp("http://127.0.0.1:" + port).get("/api/x%0a%7b%7d");

        assertThat(failed.status()).isGreaterThanOrEqualTo(500);
        String id = failed.body().replaceAll("(?s).*\\(request (.*?)\\).*", "$1");
        balancer.signal("TERM");
        assertThat(balancer.awaitExit()).isZero();
        List<JsonNode> events = events(balancer);
        assertThat(events).hasSizeGreaterThan(2);
        assertThat(events)
                .anySatisfy(
                        event -> assertThat(event.path("requestId").asText()).isEqualTo(id));
    }

    @Test
    void the_variable_makes_json_of_the_first_line_already_even_of_a_start_that_fails() throws Exception {
        Program balancer = cluster.start(
                "balancer",
                Map.of("POINTSMAN_LOG_FORMAT", "json", "POINTSMAN_LOG", "loud"),
                Jar.command("balancer", "--port", "banana"));

        assertThat(balancer.awaitExit()).isEqualTo(2);

        List<JsonNode> events = events(balancer);
        assertThat(events.get(0).path("message").asText()).contains("POINTSMAN_LOG: \"loud\"");
        assertThat(events)
                .anySatisfy(event -> assertThat(event.path("message").asText()).contains("banana"));
    }

    @Test
    void a_table_is_cut_to_the_width_of_a_terminal_and_not_in_a_pipe() {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/script"))).isTrue();
        BalancerProcess balancer = cluster.balancer();
        List<String> command = Jar.command("routes", "--admin", admin(balancer));

        Program piped = cluster.start("piped", Map.of(), command);
        assertThat(piped.awaitExit()).isZero();
        Program shown = cluster.start(
                "shown", Map.of(), List.of("/usr/bin/script", "-qec", "stty cols 40; " + quoted(command), "/dev/null"));
        assertThat(shown.awaitExit()).isZero();

        assertThat(piped.output().lines()).anySatisfy(line -> assertThat(line).hasSizeGreaterThan(40));
        assertThat(shown.output().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(40))
                .anySatisfy(line -> assertThat(line).hasSize(40).endsWith("\u2026"));
    }

    @Test
    void top_shows_both_instances_once_in_a_pipe_and_live_on_a_terminal_that_it_gives_back_as_it_was(
            @TempDir Path folder) throws Exception {
        Path seen = Files.createFile(folder.resolve("seen"));
        List<ServiceProcess> services = cluster.services(2, API);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 2);

        Program once = cluster.pointsman("top", "--admin", admin(balancer), "--once", API);
        assertThat(once.awaitExit()).isZero();
        assertThat(once.output()).startsWith("pointsman ").containsPattern(API + " +ok 2/2 ");
        assertThat(services)
                .allSatisfy(service -> assertThat(once.output()).containsPattern(":" + service.port() + " +ready "));

        assumeThat(Files.isExecutable(Path.of("/usr/bin/script"))).isTrue();
        // The key is pressed when there is something to be seen, or after half a minute without.
        Program live = cluster.start(
                "live",
                Map.of("TERM", "xterm"),
                List.of(
                        "sh",
                        "-c",
                        "{ i=0; until grep -q 'ok 2/2' \"$2\" || [ $i -gt 300 ]; do sleep 0.1; i=$((i + 1)); done; printf q; }"
                                + " | /usr/bin/script -qec \"$1\" /dev/null | tee \"$2\"",
                        "sh",
                        "stty cols 70 rows 20; before=$(stty -g); "
                                + quoted(Jar.command("top", "--admin", admin(balancer)))
                                + "; echo \"code $?\"; [ \"$before\" = \"$(stty -g)\" ] && echo as it was",
                        seen.toString()));
        assertThat(live.awaitExit()).isZero();
        assertThat(live.output())
                .contains("\u001b[?1049h", "\u001b[?25l", API, "ok 2/2", "q quits")
                .containsPattern("(?s)\\[\\?25h.*\\[\\?1049l.*code 0.*as it was");
    }

    private static String quoted(List<String> command) {
        return command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    private static String admin(BalancerProcess balancer) {
        return "127.0.0.1:" + balancer.adminPort();
    }

    private static List<JsonNode> events(Program program) throws JsonProcessingException {
        List<String> lines = program.output().lines().toList();
        List<JsonNode> events = new ArrayList<>();
        for (String line : lines) {
            JsonNode event = JSON.readTree(line);
            assertThat(event.path("time").asText()).as(line).matches("\\d{4}-.*\\.\\d{3}Z");
            assertThat(event.path("level").asText()).as(line).isNotEmpty();
            events.add(event);
        }
        return events;
    }
}
