package dev.pointsman.registry.consul;

import static dev.pointsman.registry.consul.Recorded.await;
import static dev.pointsman.registry.consul.ScriptedConsul.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Watch;
import dev.pointsman.registry.consul.ScriptedConsul.Trouble;
import dev.pointsman.registry.consul.internal.view.WatchPool;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A registry whose address names a datacenter; what a real Consul does with it is in {@link DatacenterIT}. */
@Timeout(60)
class DatacenterTest {
    private static final ConsulWatchOptions OPTIONS =
            new ConsulWatchOptions(Duration.ofSeconds(30), Duration.ofSeconds(30));

    private final Vertx vertx = Vertx.vertx();
    private final ScriptedConsul consul = new ScriptedConsul();
    private final ConsulAddress there = consul.address().withDatacenter("dc2");
    private final RecordedViews views = new RecordedViews();
    private ConsulRegistry registry = HurriedRegistry.withShortPauses(vertx, there, OPTIONS);

    @AfterEach
    void close() {
        registry.close();
        vertx.close().await();
        consul.close();
    }

    private Watch follow(String... ids) {
        list(10, ids);
        Watch watch = registry.watch("api", views);
        views.awaitIds(ids);
        return watch;
    }

    private void list(long index, String... ids) {
        consul.listService(
                "api",
                index,
                List.of(ids).stream().map(id -> instance("api", id)).toArray(String[]::new));
    }

    @Test
    void each_request_names_the_datacenter() throws Exception {
        consul.list("/v1/kv/x", 5, "[{'Key':'x','Value':'MQ==','ModifyIndex':5}]");
        follow("a", "b");
        list(11);
        views.awaitIds();
        for (int service = 0; service <= WatchPool.MOST_WATCHES; service++) {
            registry.watch("s" + service, new RecordedViews());
        }
        await().until(() -> consul.requests().stream().anyMatch(q -> q.startsWith("/v1/health/state/any?")));
        assertThat(registry.keyValues().get("x").toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isPresent();
        registry.keyValues().watchPrefix("x", keys -> {});
        await().until(() -> consul.requests().stream().anyMatch(q -> q.startsWith("/v1/kv/x?recurse")));
        registry.services().toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertThat(consul.requests())
                .allMatch(q -> q.endsWith("&dc=dc2"))
                .as("of the agent, which only speaks for its own datacenter, nothing is asked")
                .noneMatch(q -> q.startsWith("/v1/agent/"))
                .anyMatch(q -> q.startsWith("/v1/catalog/services?"))
                .anyMatch(q -> q.startsWith("/v1/catalog/node/n1?"));
    }

    @Test
    void the_services_are_those_of_the_datacenter_that_was_named() throws Exception {
        consul.list("/v1/agent/self", 1, "{'Config':{'Datacenter':'ams'}}");
        consul.list("/v1/catalog/services", 1, "{'api':[]}");
        assertThat(registry.datacenter().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo("dc2");
        assertThat(registry.services()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .datacenter())
                .isEqualTo("dc2");
    }

    @Test
    void a_token_that_loses_its_rights_in_the_datacenter_costs_no_instance() {
        Watch watch = follow("a", "b");
        consul.allowServiceRead(false);
        list(11);
        await().until(() -> String.valueOf(watch.status().lastError()).contains("is the ACL token allowed to read?"));
        assertThat(views.ids()).containsExactly("a", "b");
        consul.allowServiceRead(true);
        list(12, "b", "c");
        views.awaitView(view -> RecordedViews.ids(view).contains("c"));
        await().until(() -> watch.status().failures() == 0);
    }

    @Test
    void where_nothing_says_whether_the_token_may_read_what_is_gone_all_at_once_is_retained() {
        follow("a", "b", "c");
        consul.enableConnect(false);
        list(11, "b", "c");
        views.awaitIds("b", "c");
        list(12);
        views.awaitView(view -> view.retained().size() == 2);
        assertThat(views.ids()).containsExactly("b", "c");
    }

    @Test
    void a_datacenter_without_a_path_to_it_keeps_its_view_and_is_named_once_in_the_log() {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            Watch watch = follow("a", "b");
            consul.knowsNoDatacenter(true);
            await().until(() -> watch.status().failures() > 3);
            assertThat(views.ids()).containsExactly("a", "b");
            assertThat(watch.status().lastError()).contains("500 No path to datacenter");
            list(11, "b", "c");
            consul.knowsNoDatacenter(false);
            views.awaitView(
                    view -> view.instances().size() == 3 && view.retained().size() == 1);
            await().until(() -> watch.status().failures() == 0);
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("No path")))
                .singleElement()
                .asString()
                .contains(
                        "Consul at " + consul.address().url()
                                + " (datacenter dc2) cannot respond now (500 No path to datacenter): going on with the instances");
    }

    @Test
    void a_silent_datacenter_is_asked_by_the_knocks_alone_because_the_agent_holds_whatever_it_forwards() {
        registry.close();
        registry = HurriedRegistry.withTimeout(vertx, there, OPTIONS, Duration.ofMillis(200));
        follow("a");
        await().until(() -> consul.blocked().size() == 2);
        int before = consul.requests().size();
        consul.begin(Trouble.SILENT);
        await().until(() -> consul.requests().size() >= before + 2);
        assertThat(consul.requests().subList(before, before + 2)).allMatch(q -> q.startsWith("/v1/status/leader?"));
    }

    @Test
    void after_silence_the_knock_asks_the_datacenter_and_not_only_the_agent() {
        registry.close();
        registry = HurriedRegistry.withTimeout(vertx, there, OPTIONS, Duration.ofMillis(200));
        follow("a");
        consul.begin(Trouble.SILENT);
        await().until(() -> consul.requests().contains("/v1/status/leader?stale&dc=dc2"));
        consul.endTrouble();
        list(11, "b");
        views.awaitView(view -> Set.copyOf(RecordedViews.ids(view)).contains("b"));
    }

    @Test
    void failures_and_the_registry_itself_name_the_datacenter() {
        String named = "Consul at " + consul.address().url() + " (datacenter dc2)";
        assertThat(registry).hasToString(named);
        consul.knowsNoDatacenter(true);
        assertThat(registry.services().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining(named + " was asked to list its services: 500 No path to datacenter");
        assertThat(registry.keyValues().get("x").toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining(named + " was asked to read the key x: 500 No path to datacenter");
    }
}
