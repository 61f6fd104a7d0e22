package dev.pointsman.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.Weights;
import dev.pointsman.testkit.ConsulUnderTest;
import dev.pointsman.testkit.NeedsConsul;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(120)
@NeedsConsul
class ConsulRegistryIT {
    private final ConsulUnderTest consul = ConsulUnderTest.launch();
    private final Vertx vertx = Vertx.vertx();
    private final ConsulRegistry registry =
            new ConsulRegistry(vertx, ConsulAddress.of("127.0.0.1", consul.port()), ConsulWatchOptions.DEFAULT);
    private final RecordedViews views = new RecordedViews();

    @AfterEach
    void close() {
        registry.close();
        vertx.close().await();
        consul.close();
    }

    private void register(String name, String id, int port, String more) {
        put(
                "/v1/agent/service/register",
                "{'Name':'%s','ID':'%s','Port':%d,'Check':{'CheckID':'%s-ttl','TTL':'1h','Status':'passing'}%s}"
                        .formatted(name, id, port, id, more));
    }

    private void put(String path, String body) {
        assertThat(consul.http().put(path, body.replace('\'', '"')).status())
                .as(path)
                .isEqualTo(200);
    }

    private void deregister(String id) {
        put("/v1/agent/service/deregister/" + id, "");
    }

    private void awaitOne(Predicate<Instance> wanted) {
        views.awaitView(view ->
                view.instances().size() == 1 && wanted.test(view.instances().get(0)));
    }

    @Test
    void every_change_of_a_service_is_followed() {
        registry.watch("api", views);
        views.awaitIds();

        register("api", "a", 7001, "");
        awaitOne(i -> i.authority().equals("127.0.0.1:7001") && i.health() == Health.PASSING);
        assertThat(views.last().instances().get(0).key().node()).isEqualTo(consul.nodeName());
        register("api", "b", 7002, "");
        views.awaitIds("a", "b");
        deregister("a");
        views.awaitIds("b");

        put("/v1/agent/check/warn/b-ttl?note=tired", "");
        awaitOne(i -> i.health() == Health.WARNING && i.healthReason().endsWith(": tired"));
        put("/v1/agent/check/fail/b-ttl?note=dead", "");
        awaitOne(i -> i.health() == Health.CRITICAL && i.healthReason().endsWith(": dead"));
        put("/v1/agent/check/pass/b-ttl", "");
        awaitOne(i -> i.health() == Health.PASSING && i.healthReason().isEmpty());

        put("/v1/agent/service/maintenance/b?enable=true&reason=disk", "");
        awaitOne(i -> i.health() == Health.MAINTENANCE && i.healthReason().endsWith(": disk"));
        put("/v1/agent/service/maintenance/b?enable=false", "");
        awaitOne(i -> i.health() == Health.PASSING);
        put("/v1/agent/maintenance?enable=true&reason=reboot", "");
        awaitOne(i -> i.health() == Health.MAINTENANCE && i.healthReason().endsWith(": reboot"));
        put("/v1/agent/maintenance?enable=false", "");
        awaitOne(i -> i.health() == Health.PASSING);

        register(
                "api",
                "b",
                7003,
                ",'Tags':['x'],'Meta':{'k':'v'},'Weights':{'Passing':5,'Warning':2},'Address':'127.0.0.9'");
        awaitOne(i -> i.authority().equals("127.0.0.9:7003")
                && i.tags().equals(List.of("x"))
                && i.meta().equals(Map.of("k", "v"))
                && i.weights().equals(new Weights(5, 2)));
        deregister("b");
        views.awaitIds();
    }

    @Test
    void services_that_carry_the_tag_are_followed_whatever_their_name() {
        register("v1", "a", 7001, ",'Tags':['api']");
        Watch watch = registry.watch("api", views);
        assertThat(watch.firstView()).succeedsWithin(Duration.ofSeconds(20));
        assertThat(views.ids()).containsExactly("a");

        register("v2", "b", 7002, ",'Tags':['green','api']");
        views.awaitIds("a", "b");
        register("v2", "c", 7003, ",'Tags':['green']");
        register("api", "d", 7004, "");
        views.awaitIds("a", "b", "d");
        put("/v1/agent/check/fail/b-ttl", "");
        views.awaitView(view -> view.instances().get(1).health() == Health.CRITICAL);
        register("v2", "b", 7002, ",'Tags':['green']");
        views.awaitIds("a", "d");
        deregister("a");
        deregister("d");
        views.awaitIds();
    }

    @Test
    void a_consul_that_is_killed_and_comes_back_empty_never_empties_a_view_and_is_followed_again() {
        register("api", "a", 7001, "");
        register("v2", "b", 7002, ",'Tags':['api']");
        Watch watch = registry.watch("api", views);
        views.awaitIds("a", "b");

        consul.kill();
        await().until(() -> watch.status().failures() > 3);
        consul.start();
        long registered = System.nanoTime();
        register("api", "a", 7001, ",'Meta':{'run':'2'}");
        register("v2", "b", 7002, ",'Tags':['api'],'Meta':{'run':'2'}");
        views.awaitView(view -> view.retained().isEmpty()
                && view.instances().stream().allMatch(i -> i.meta().equals(Map.of("run", "2"))));
        // Within a second, says the design; the rest is for a busy machine.
        assertThat(Duration.ofNanos(System.nanoTime() - registered)).isLessThan(Duration.ofSeconds(5));
        assertThat(views.all()).extracting(RecordedViews::ids).containsOnly(List.of("a", "b"));
        // The last of its queries may still be pausing.
        await().until(() -> watch.status().lastError() == null);

        deregister("a");
        views.awaitIds("b");
    }

    @Test
    void a_consul_that_is_stopped_and_comes_back_with_less_has_the_rest_retained() {
        register("api", "a", 7001, "");
        register("api", "b", 7002, "");
        registry.watch("api", views);
        views.awaitIds("a", "b");
        consul.stop();
        consul.start();
        register("api", "b", 7002, ",'Meta':{'run':'2'}");
        views.awaitView(view ->
                view.instances().size() == 2 && view.instances().get(1).meta().equals(Map.of("run", "2")));
        assertThat(views.retained()).containsExactly("a");
        assertThat(views.all()).extracting(RecordedViews::ids).containsOnly(List.of("a", "b"));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the connections are counted in /proc")
    void three_hundred_services_are_followed_on_a_hundred_connections_and_each_change_is_seen() throws IOException {
        List<RecordedViews> all =
                IntStream.range(0, 300).mapToObj(n -> new RecordedViews()).toList();
        for (int n = 0; n < 300; n++) {
            register("s" + n, "i" + n, 7000 + n, "");
            registry.watch("s" + n, all.get(n));
        }
        for (int n = 0; n < 300; n++) {
            all.get(n).awaitIds("i" + n);
        }
        for (int n : List.of(0, 79, 80, 150, 299)) {
            RecordedViews one = all.get(n);
            put("/v1/agent/check/fail/i" + n + "-ttl?note=down", "");
            one.awaitView(view -> view.instances().get(0).health() == Health.CRITICAL);
            put("/v1/agent/check/pass/i" + n + "-ttl", "");
            one.awaitView(view -> view.instances().get(0).health() == Health.PASSING);
            register("s" + n, "j" + n, 9000 + n, "");
            one.awaitIds("i" + n, "j" + n);
            register("s" + n, "j" + n, 9000 + n, ",'Meta':{'no check':'tells of it'}".replace(' ', '_'));
            one.awaitView(view -> !view.instances().get(1).meta().isEmpty());
            deregister("i" + n);
            one.awaitIds("j" + n);
        }
        put("/v1/agent/maintenance?enable=true&reason=reboot", "");
        all.forEach(one -> one.awaitView(
                view -> view.instances().stream().allMatch(instance -> instance.health() == Health.MAINTENANCE)));
        long ownOfThisTest = 1;
        assertThat(connectionsToConsul() - ownOfThisTest).isBetween(82L, 100L);
        assertThat(all).allSatisfy(each -> assertThat(each.last().retained()).isEmpty());
    }

    private long connectionsToConsul() throws IOException {
        String remote = ":%04X".formatted(consul.port());
        String established = "01";
        // The JVM's sockets are IPv6 ones, also where they speak IPv4.
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/self/net/tcp")));
        if (Files.exists(Path.of("/proc/self/net/tcp6"))) {
            lines.addAll(Files.readAllLines(Path.of("/proc/self/net/tcp6")));
        }
        return lines.stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[2].endsWith(remote) && fields[3].equals(established))
                .count();
    }
}
