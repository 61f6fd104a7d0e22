package dev.pointsman.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.testkit.TestHttp;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system of the compose file, built and scaled where there is nothing but Docker. */
class ComposeIT {
    private static final Duration BOUND = Duration.ofMinutes(2);

    @Test
    void it_is_built_and_scaled_under_load_and_no_request_fails(@TempDir Path folder) throws Exception {
        try (ComposeProject project = ComposeProject.ofCheckout(folder)) {
            project.up("api-service=2", "webapp-service=1");
            TestHttp balancer = new TestHttp("http://" + project.address("balancer", 8080));
            servedBy(balancer, 2);
            assertThat(balancer.get("/page").body()).startsWith("webapp-service response from ");

            try (SteadyRequests load = SteadyRequests.start(balancer, "/api/x", "/page")) {
                project.up("api-service=4", "webapp-service=2");
                servedBy(balancer, 4);
                project.up("api-service=1", "webapp-service=1");
                servedBy(balancer, 1);
                load.goOnFor(200);

                assertThat(load.failures()).as("of %d requests", load.count()).isEmpty();
            }

            await("each container that says how it is").atMost(BOUND).until(() -> project.states()
                    .contains("(healthy)"));
            project.stop();
            // 137 would be SIGKILL, after the time that the file gives.
            assertThat(project.states()).contains("Exited").doesNotContain("Exited (137)");
        }
    }

    /** Waits until as many instances serve, no more and no less: all of them are met within a few requests more than that. */
    private static void servedBy(TestHttp balancer, int instances) {
        // Docker takes the connections of a container that does not listen yet, and closes them.
        ConditionFactory waiting =
                await(instances + " instances that serve").atMost(BOUND).ignoreException(UncheckedIOException.class);
        waiting.until(() -> {
            Set<String> seen = new TreeSet<>();
            for (int i = 0; i < 4 * instances; i++) {
                TestHttp.Reply reply = balancer.get("/api/x");
                if (reply.status() == 200) {
                    seen.add(reply.body());
                }
            }
            return seen.size() == instances;
        });
    }
}
