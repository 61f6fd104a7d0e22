package dev.pointsman.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.testkit.ConsulExtension;
import dev.pointsman.testkit.NeedsConsul;
import dev.pointsman.testkit.TestHttp.Reply;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service as real processes with a real Consul. */
@Timeout(120)
@NeedsConsul
class SampleServiceIT {
    @RegisterExtension
    static final ConsulExtension consul = new ConsulExtension();

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        // The next test is to find an empty registry, also after one that leaves in bad order.
        consul.get().http().get("/v1/agent/services").json().fieldNames().forEachRemaining(id -> consul.get()
                .http()
                .put("/v1/agent/service/deregister/" + id));
    }

    @Test
    void it_says_where_it_serves_and_responds_there_and_is_registered() throws Exception {
        SampleProcess api = start("api-service", "--tag", "v2");
        assertThat(api.pid()).isEqualTo(api.process().pid());
        assertThat(api.rest()).startsWith("registered as api-service-127.0.0.1-");
        assertThat(api.http().get("/api/x").body()).isEqualTo("api-service response from " + api.pid() + "\n");
        assertThat(api.http().get("/health").status()).isEqualTo(200);
        assertThat(registered("api-service")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void a_signal_deregisters_and_lets_a_request_in_flight_finish(String signal) throws Exception {
        SampleProcess api = start("api-service");
        CompletableFuture<Reply> slow = api.http().getLater("/slow?ms=1500");
        // A second request over the same loop: when its response is there, the slow one has been taken in.
        api.http().get("/");

        api.signal(signal);

        await().atMost(Duration.ofSeconds(10)).until(() -> registered("api-service") == 0);
        assertThat(slow.get(20, TimeUnit.SECONDS).body()).contains("response from " + api.pid());
        assertThat(api.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void an_uncaught_exception_deregisters_and_exits_with_1() throws Exception {
        SampleProcess api = start("api-service");
        assertThat(api.http().get("/crash?how=throw").status()).isEqualTo(200);
        assertThat(api.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(api.process().exitValue()).isEqualTo(1);
        assertThat(registered("api-service")).isZero();
    }

    @Test
    void a_crash_is_a_crash() throws Exception {
        SampleProcess api = start("api-service");
        try {
            api.http().get("/crash");
        } catch (UncheckedIOException noResponse) {
            assertThat(api.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(registered("api-service")).isEqualTo(1);
            return;
        }
        throw new AssertionError("a crashed process has responded");
    }

    @Test
    void a_started_again_service_replaces_its_own_registration() throws Exception {
        SampleProcess first = start("api-service");
        String port = first.rest().replaceAll(".*-(\\d+) in .*", "$1");
        first.process().destroyForcibly().waitFor();
        start("api-service", "--port", port);
        assertThat(registered("api-service")).isEqualTo(1);
    }

    private SampleProcess start(String... args) throws Exception {
        SampleProcess started = SampleProcess.start(consul.get().url(), args);
        processes.add(started.process());
        return started;
    }

    private static int registered(String type) {
        return consul.get().http().get("/v1/health/service/" + type).json().size();
    }
}
