package dev.pointsman.balancer.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.balancer.testkit.CapturedLog;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.pick.RoundRobinByWeight;
import dev.pointsman.settings.Setting;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A balancer that practises before it serves. */
class WarmUpTest {
    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    private final Vertx data = Vertx.vertx();

    @AfterEach
    void end() throws Exception {
        finish(data.close());
    }

    @Test
    void made_up_requests_get_their_responses() throws Exception {
        assertThat(warmUp("warm-up=500ms")).isPositive();
        assertThat(log.text()).isEmpty();
    }

    @Test
    void narrow_limits_do_not_stand_in_its_way() throws Exception {
        assertThat(warmUp("warm-up=500ms", "max-body=1", "max-connections=1", "max-head=1k"))
                .isPositive();
        assertThat(log.text()).isEmpty();
    }

    @Test
    void without_a_time_there_is_none() throws Exception {
        assertThat(warmUp()).isZero();
    }

    @Test
    void nothing_of_it_is_left_when_clients_come() throws Exception {
        balancer.instances("one");
        balancer.start("warm-up=100ms");

        assertThat(balancer.client().get("/").body()).isEqualTo("one");
        assertThat(balancer.admin().get("/api/services").body())
                .contains("\"one\"")
                .doesNotContain("warm-up");
        assertThat(balancer.admin().get("/api/changes").body()).doesNotContain("warm-up");
    }

    private long warmUp(String... settings) throws Exception {
        List<Setting> given = Stream.of(settings)
                .map(setting -> setting.split("=", 2))
                .map(setting -> Setting.flag(setting[0], setting[1]))
                .toList();
        return finish(WarmUp.run(data, ConfigReader.read(given, Map.of()), new RoundRobinByWeight()));
    }

    private static <T> T finish(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
