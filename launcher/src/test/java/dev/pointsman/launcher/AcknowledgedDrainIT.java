package dev.pointsman.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.plan.InstanceOptions;
import dev.pointsman.launcher.plan.TestPlans;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's side of docs/drain-protocol.md, with a balancer that responds by a script. */
@Timeout(120)
class AcknowledgedDrainIT {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Path runtime;

    private final ScriptedBalancer balancer = new ScriptedBalancer();

    AcknowledgedDrainIT(@TempDir Path runtime) {
        this.runtime = runtime;
    }

    @Test
    void an_old_instance_lives_until_the_balancer_uses_the_new_one_and_is_done_with_the_old_one() throws Exception {
        InstanceOptions patient = new InstanceOptions(
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                3,
                0,
                5,
                Duration.ofSeconds(60),
                Duration.ofMillis(50),
                1);
        try (LauncherUnderTest test =
                new LauncherUnderTest(runtime, TestPlans.with(TestPlans.node("api", 1), patient))) {
            balancer.register(test);
            test.start();
            String old = test.only().id();
            balancer.accepting.add(old);
            balancer.busy.add(old);
            CompletableFuture<OperationResult> reload =
                    test.launcher.reload("api", 0, test.progress::add).toCompletableFuture();

            await().atMost(BOUND).until(() -> balancer.asked.size() == 2);
            assertThat(test.passing("api")).hasSize(2).contains(old);

            balancer.asked.stream().filter(id -> !id.equals(old)).forEach(balancer.accepting::add);
            await().atMost(BOUND).until(() -> !test.passing("api").contains(old));
            balancer.accepting.remove(old);
            await().atMost(BOUND).until(() -> state(test, old) == InstanceState.DRAINING);
            assertThat(reload).isNotDone();
            assertThat(test.listed("api")).hasSize(2);

            balancer.busy.remove(old);
            assertThat(reload.get(60, TimeUnit.SECONDS).done()).isTrue();
            assertThat(test.listed("api")).hasSize(1);
            assertThat(test.only().id()).isNotEqualTo(old);
            assertThat(test.progress).noneMatch(line -> line.contains("balancer"));
            // So that the end of the launcher is not waited for.
            balancer.accepting.clear();
        }
    }

    private static InstanceState state(LauncherUnderTest test, String id) {
        return test.launcher.list().stream()
                .filter(status -> status.id().equals(id))
                .findFirst()
                .orElseThrow()
                .state();
    }
}
