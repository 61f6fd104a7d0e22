package dev.pointsman.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.testkit.ConsulUnderTest;
import dev.pointsman.testkit.JavaCommand;
import dev.pointsman.testkit.NeedsConsul;
import dev.pointsman.testkit.TestHttp;
import java.io.BufferedReader;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program that the README shows does what the README says, as a process of its own. */
@Timeout(120)
@NeedsConsul
class EmbeddingExampleIT {
    @Test
    void it_greets_is_registered_and_leaves_when_it_is_told_to() throws Exception {
        try (ConsulUnderTest consul = ConsulUnderTest.launch()) {
            ProcessBuilder builder = new ProcessBuilder(JavaCommand.ofMain(EmbeddingExample.class))
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("CONSUL_HTTP_ADDR", consul.url());
            Process process = builder.start();
            try (BufferedReader out = process.inputReader()) {
                String url = String.valueOf(out.readLine()).replace("greeting on ", "");
                assertThat(new TestHttp(url).get("/").body()).isEqualTo("hello");
                assertThat(consul.http()
                                .get("/v1/health/service/greeter?passing")
                                .json())
                        .hasSize(1);
                process.destroy();
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
                await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(
                                consul.http().get("/v1/health/service/greeter").json())
                        .isEmpty());
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
