package dev.pointsman.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.plan.TestPlans;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.TestHttp;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RegisteredCommandIT {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Vertx vertx = Vertx.vertx();

    private final Path runtime;

    private ConsulAddress consul = ConsulAddress.of("127.0.0.1", 1);

    RegisteredCommandIT(@TempDir Path runtime) {
        this.runtime = runtime;
    }

    @BeforeEach
    void startRegistry() throws Exception {
        EmbeddedRegistry registry = EmbeddedRegistry.start(
                        vertx, EmbeddedRegistry.Options.defaults().withPort(0))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        consul = ConsulAddress.of("127.0.0.1", registry.port());
    }

    @AfterEach
    void stopRegistry() {
        vertx.close();
    }

    @Test
    void a_command_is_registered_while_it_runs_and_its_exit_code_is_passed_on() throws Exception {
        int port = FreePorts.take();
        try (RegisteredCommand command = command(port, "port={port}")) {
            command.start();
            await().atMost(BOUND).until(() -> registered() == 1);
            CompletableFuture<?> broken = new TestHttp("http://127.0.0.1:" + port).getLater("/crash");
            assertThat(LauncherUnderTest.get(command.ended())).isEqualTo(5);
            assertThat(broken).failsWithin(Duration.ofSeconds(10));
            assertThat(registered()).isZero();
        }
    }

    @Test
    void one_that_is_stopped_is_deregistered_and_says_by_which_signal_it_ended() throws Exception {
        try (RegisteredCommand command = command(FreePorts.take())) {
            command.start();
            await().atMost(BOUND).until(() -> registered() == 1);
            command.stop();
            assertThat(LauncherUnderTest.get(command.ended())).isEqualTo(128 + 15);
            assertThat(registered()).isZero();
        }
    }

    @Test
    void one_that_cannot_be_started_ends_as_shells_have_it() throws Exception {
        ServicePlan plan = TestPlans.of("api", 1, TestPlans.QUICK, null, List.of("there-is-no-such-program"));
        try (RegisteredCommand command = new RegisteredCommand(plan, FreePorts.take(), consul, null, runtime)) {
            command.start();
            assertThat(LauncherUnderTest.get(command.ended())).isEqualTo(RegisteredCommand.CANNOT_START);
        }
    }

    private RegisteredCommand command(int port, String... flags) throws IOException {
        return new RegisteredCommand(TestPlans.node("api", 1, flags), port, consul, null, runtime);
    }

    private int registered() {
        return new TestHttp(consul.url()).get("/v1/health/service/api").json().size();
    }
}
