package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.settings.Setting;
import dev.pointsman.testkit.OtlpCollector;
import dev.pointsman.testkit.OtlpCollector.CollectedSpan;
import dev.pointsman.testkit.TestHttp;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces of a whole balancer: switched on and off while it serves, and sent to the last when it stops. */
class TracesReloadTest {
    private final Map<String, String> variables = new HashMap<>();
    private @Nullable OtlpCollector collector;
    private @Nullable ScriptedUpstream upstream;
    private @Nullable Balancer balancer;

    @BeforeEach
    void start() throws Exception {
        collector = OtlpCollector.start();
        upstream = ScriptedUpstream.standalone((request, wire) ->
                wire.respond(200, String.valueOf(request.head().one("traceparent"))));
        variables.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector().endpoint());
        variables.put("OTEL_BSP_SCHEDULE_DELAY", "10");
    }

    @AfterEach
    void stop() throws Exception {
        Balancer running = balancer;
        if (running != null) {
            get(running.stop());
        }
        Objects.requireNonNull(upstream).close();
        collector().close();
    }

    private OtlpCollector collector() {
        return Objects.requireNonNull(collector);
    }

    private Balancer balancer() {
        return Objects.requireNonNull(balancer);
    }

    private BalancerConfig config(String... settings) throws Exception {
        List<Setting> all = new ArrayList<>();
        for (String setting : List.of(
                "host=127.0.0.1",
                "port=0",
                "admin=127.0.0.1:0",
                "consul=http://127.0.0.1:1",
                "register=false",
                "tag-routes=false",
                "grace=0s",
                "drain=200ms",
                "route=/=http://127.0.0.1:" + Objects.requireNonNull(upstream).port())) {
            all.add(flag(setting));
        }
        for (String setting : settings) {
            all.add(flag(setting));
        }
        return ConfigReader.read(all, variables);
    }

    private static Setting flag(String setting) {
        int equals = setting.indexOf('=');
        return Setting.flag(setting.substring(0, equals), setting.substring(equals + 1));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private String told() {
        return new TestHttp("http://127.0.0.1:" + balancer().port()).get("/x").body();
    }

    @Test
    void a_reload_switches_them_on_and_off_and_changes_how_many_are_recorded() throws Exception {
        balancer = get(Balancer.start(config()));
        assertThat(told()).isEqualTo("null");

        get(balancer().reconfigure(config("tracing=true"), "test"));
        String recorded = told();
        assertThat(recorded).endsWith("-01");
        collector().await(1, span -> span.isServer() && recorded.contains(span.traceId()));

        get(balancer().reconfigure(config("tracing=true", "trace-sample=0"), "test"));
        assertThat(told()).endsWith("-00");

        get(balancer().reconfigure(config(), "test"));
        assertThat(told()).isEqualTo("null");

        get(balancer().reconfigure(config("tracing=true"), "test"));
        String again = told();
        collector().await(1, span -> span.isServer() && again.contains(span.traceId()));
    }

    @Test
    void no_request_fails_meanwhile() throws Exception {
        balancer = get(Balancer.start(config()));
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        AtomicReference<String> failure = new AtomicReference<>("");
        TestHttp client = new TestHttp("http://127.0.0.1:" + balancer().port());
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                TestHttp.Reply reply = client.get("/x");
                if (reply.status() != 200) {
                    failure.set(reply.toString());
                }
                served.incrementAndGet();
            }
        });

        for (int i = 0; i < 10; i++) {
            get(balancer().reconfigure(config("tracing=true", "trace-sample=0.5"), "test"));
            get(balancer().reconfigure(config(), "test"));
        }

        over.set(true);
        load.get(20, TimeUnit.SECONDS);
        assertThat(served.get()).isPositive();
        assertThat(failure.get()).isEmpty();
    }

    @Test
    void a_stop_sends_what_waits() throws Exception {
        variables.put("OTEL_BSP_SCHEDULE_DELAY", "3600000");
        balancer = get(Balancer.start(config("tracing=true")));
        told();
        assertThat(collector().spans()).isEmpty();

        get(balancer().stop());

        assertThat(collector().spans()).extracting(CollectedSpan::kind).containsExactlyInAnyOrder("CLIENT", "SERVER");
    }

    @Test
    void a_stop_waits_for_a_silent_collector_for_a_bounded_time() throws Exception {
        collector().beSilent();
        balancer = get(Balancer.start(config("tracing=true")));
        told();

        // Not for as long as an export may take, which is ten seconds.
        balancer().stop().toCompletionStage().toCompletableFuture().get(8, TimeUnit.SECONDS);
    }

    @Test
    void certificates_that_are_none_are_said_at_the_start_and_refuse_a_reload(@TempDir Path folder) throws Exception {
        balancer = get(Balancer.start(config()));
        variables.put(
                "OTEL_EXPORTER_OTLP_CERTIFICATE",
                Files.writeString(folder.resolve("ca.pem"), "no certificate").toString());
        BalancerConfig broken = config("tracing=true");

        Future<Long> reload = balancer().reconfigure(broken, "test");

        assertThat(reload.toCompletionStage().toCompletableFuture())
                .failsWithin(20, TimeUnit.SECONDS)
                .withThrowableThat()
                .withMessageContaining("spans cannot be sent to " + collector().endpoint());
        assertThat(told()).isEqualTo("null");
    }
}
