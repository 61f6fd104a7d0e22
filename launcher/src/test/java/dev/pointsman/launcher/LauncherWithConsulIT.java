package dev.pointsman.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.plan.TestPlans;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.testkit.ConsulUnderTest;
import dev.pointsman.testkit.NeedsConsul;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with a real Consul. */
@Timeout(120)
@NeedsConsul
class LauncherWithConsulIT {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final ConsulUnderTest consul = ConsulUnderTest.launch();
    private final Launcher launcher;

    LauncherWithConsulIT(@TempDir Path runtime) throws Exception {
        launcher = new Launcher(
                List.of(TestPlans.node("api", 2)),
                ConsulAddress.of("127.0.0.1", consul.port()),
                null,
                (type, id, line) -> {},
                runtime);
    }

    @AfterEach
    void stop() {
        launcher.close();
        consul.close();
    }

    @Test
    void a_reload_leaves_as_many_as_there_were_and_a_stop_none() throws Exception {
        OperationResult started = LauncherUnderTest.get(launcher.start());
        assertThat(started.done()).as(started.sentence()).isTrue();
        List<String> before = passing();
        assertThat(before).hasSize(2);
        OperationResult reloaded = LauncherUnderTest.get(launcher.reload("api", 0, line -> {}));
        assertThat(reloaded.done()).as(reloaded.sentence()).isTrue();
        assertThat(passing()).hasSize(2).doesNotContainAnyElementsOf(before);
        assertThat(LauncherUnderTest.get(launcher.stop())).isZero();
        assertThat(passing()).isEmpty();
    }

    @Test
    void a_consul_that_comes_back_empty_knows_every_instance_again() throws Exception {
        LauncherUnderTest.get(launcher.start());
        List<String> before = passing();
        consul.kill();
        consul.start();
        await().atMost(BOUND).untilAsserted(() -> assertThat(passing()).isEqualTo(before));
    }

    private List<String> passing() {
        List<String> ids = new ArrayList<>();
        for (JsonNode entry :
                consul.http().get("/v1/health/service/api?passing=true").json()) {
            ids.add(entry.path("Service").path("ID").asText());
        }
        ids.sort(null);
        return ids;
    }
}
