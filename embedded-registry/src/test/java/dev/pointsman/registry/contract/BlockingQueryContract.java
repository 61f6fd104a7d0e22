package dev.pointsman.registry.contract;

import static dev.pointsman.registry.contract.RegistryDriver.json;
import static dev.pointsman.registry.contract.RegistryDriver.woken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.TestHttp.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol of blocking queries: indexes, waits, headers, errors. What wakes what: {@link WakingContract}. */
interface BlockingQueryContract {
    RegistryDriver registry();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/health/service/",
                "/v1/health/checks/",
                "/v1/catalog/service/",
                "/v1/health/service/unknown-",
                "/v1/catalog/service/unknown-",
                "/v1/kv/unknown-"
            })
    default void every_read_has_an_index_of_at_least_1_also_of_nothing(String path) {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");

        Reply reply = registry().http().get(path + web);

        assertThat(reply.index()).isPositive();
        // orbitz drops responses without the one, Consul's own Go client fails without the other
        assertThat(reply.header("X-Consul-KnownLeader")).isNotNull();
        assertThat(Long.parseLong(String.valueOf(reply.header("X-Consul-LastContact"))))
                .isNotNegative();
    }

    @Test
    default void the_index_grows_with_each_change() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");
        long before = registry().http().get("/v1/health/service/" + web).index();

        for (String status : new String[] {"fail", "pass", "fail", "pass"}) {
            registry().http().put("/v1/agent/check/" + status + "/service:" + web);
            long after =
                    woken(registry().block("/v1/health/service/" + web, before)).index();
            assertThat(after).isGreaterThan(before);
            before = after;
        }
    }

    @Test
    default void an_index_that_is_behind_gets_its_response_at_once() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");
        long index = registry().http().get("/v1/health/service/" + web).index();

        Reply reply = woken(registry().block("/v1/health/service/" + web, index - 1));

        assertThat(reply.index()).isEqualTo(index);
        assertThat(reply.json()).hasSize(1);
    }

    @Test
    default void index_0_does_not_block() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");

        assertThat(woken(registry().block("/v1/health/service/" + web, 0)).json())
                .hasSize(1);
    }

    @Test
    default void without_a_change_the_wait_is_kept_and_the_same_response_comes_again() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");
        Reply before = registry().http().get("/v1/health/service/" + web);

        Reply after = registry().notWoken(registry().blockShortly("/v1/health/service/" + web, before.index()));

        assertThat(after.status()).isEqualTo(200);
        assertThat(after.index()).isEqualTo(before.index());
        assertThat(after.json()).isEqualTo(before.json());
    }

    @Test
    default void an_index_from_the_future_waits_and_then_learns_the_true_one() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");
        long index = registry().http().get("/v1/health/service/" + web).index();

        Reply reply = registry().notWoken(registry().blockShortly("/v1/health/service/" + web, index + 1_000_000));

        assertThat(reply.index()).isEqualTo(index);
        assertThat(reply.json()).hasSize(1);
    }

    @Test
    default void many_queries_on_one_service_are_all_woken() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");
        long index = registry().http().get("/v1/health/service/" + web).index();
        var queries = new ArrayList<CompletableFuture<Reply>>();
        for (int i = 0; i < 50; i++) {
            queries.add(registry().block("/v1/health/service/" + web, index));
        }

        registry().fail("service:" + web);

        queries.forEach(query -> assertThat(woken(query).index()).isGreaterThan(index));
    }

    @ParameterizedTest
    @CsvSource({
        "index=abc,              Invalid index",
        "index=-1,               Invalid index",
        "index=1&wait=abc,       Invalid wait time",
        "index=1&wait=5,         Invalid wait time",
    })
    default void a_bad_index_or_wait_is_400(String query, String reason) {
        for (String path : new String[] {"/v1/health/service/any?", "/v1/catalog/services?", "/v1/kv/any?"}) {
            Reply reply = registry().http().get(path + query);

            assertThat(reply.status()).as(path).isEqualTo(400);
            assertThat(reply.body()).contains(reason);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"250ms", "0m0.25s", "0.25s"})
    default void a_wait_is_a_duration_with_a_unit(String wait) {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");
        long index = registry().http().get("/v1/health/service/" + web).index();

        Reply reply = registry().http().get("/v1/health/service/" + web + "?index=" + index + "&wait=" + wait);

        assertThat(reply.took()).isGreaterThanOrEqualTo(Duration.ofMillis(250)).isLessThan(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stale", "stale=", "consistent", "cached", "near=_agent", "dc=dc1", "pretty"})
    default void ways_of_asking_that_change_nothing_here_are_accepted(String how) {
        String web = registry().fresh("web");
        registry().register(json("{'Name':'%s','Port':80}", web));
        registry().awaitInstance(web);

        assertThat(registry().read("/v1/health/service/" + web + "?" + how)).hasSize(1);
    }

    @Test
    default void stale_and_consistent_at_once_is_400() {
        Reply reply = registry().http().get("/v1/health/service/any?stale&consistent");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("Cannot specify ?stale with ?consistent");
    }
}
