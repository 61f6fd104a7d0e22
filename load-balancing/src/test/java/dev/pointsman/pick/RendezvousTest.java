package dev.pointsman.pick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RendezvousTest {
    private static final int KEYS = 2_000;

    private final Picking picking = Picking.among(5, byHeader());

    @Test
    void the_same_key_goes_to_the_same_upstream() {
        assertThat(homes(picking)).isEqualTo(homes(picking));
    }

    @Test
    void another_balancer_sends_it_there_as_well() {
        assertThat(homes(Picking.among(5, byHeader()))).isEqualTo(homes(picking));
    }

    @Test
    void where_a_key_goes_stays_the_same_from_one_version_to_the_next() {
        assertThat(List.of(home("alice"), home("bob"), home("10.0.0.1"), home("::1")))
                .containsExactly("a3", "a2", "a4", "a3");
    }

    @Test
    void one_that_leaves_takes_only_its_own_keys_with_it_and_they_spread_over_all_others() {
        Map<String, String> before = homes(picking);

        picking.view(4);

        Map<String, String> after = homes(picking);
        before.forEach((key, home) -> {
            if (!home.equals("a4")) {
                assertThat(after).containsEntry(key, home);
            }
        });
        List<String> moved = before.keySet().stream()
                .filter(key -> "a4".equals(before.get(key)))
                .map(key -> after.getOrDefault(key, "nowhere"))
                .toList();
        assertThat(Picking.countsOf(moved).values()).hasSize(4).allSatisfy(count -> assertThat(count)
                .isBetween(60, 140));
    }

    @Test
    void one_that_joins_takes_its_share_and_nothing_else_moves() {
        Map<String, String> before = homes(picking);

        picking.view(6);

        Map<String, String> after = homes(picking);
        long taken = after.values().stream().filter("a5"::equals).count();
        assertThat(taken).isBetween(KEYS / 6 - 70L, KEYS / 6 + 70L);
        after.forEach((key, home) -> {
            if (!home.equals("a5")) {
                assertThat(before).containsEntry(key, home);
            }
        });
    }

    @Test
    void keys_are_shared_by_weight() {
        Picking weighted = Picking.weighted(byHeader(), 3, 1);

        long heavy = homes(weighted).values().stream().filter("a0"::equals).count();

        assertThat(heavy).isBetween(KEYS * 3 / 4 - 80L, KEYS * 3 / 4 + 80L);
    }

    @Test
    void a_weight_that_grows_takes_keys_and_gives_none() {
        Map<String, String> before = homes(picking);

        picking.weights(1, 1, 2, 1, 1);

        homes(picking).forEach((key, home) -> {
            if (!home.equals("a2")) {
                assertThat(before).containsEntry(key, home);
            }
        });
    }

    @Test
    void a_key_whose_upstream_was_tried_goes_to_its_next_best_and_always_the_same() {
        RequestFacts request = new TestRequest("alice");
        Upstream home = picking.pick(request);

        Upstream second = picking.pick(List.of(home), request);

        assertThat(second).isNotNull().isNotSameAs(home).isSameAs(picking.pick(List.of(home), request));
    }

    @Test
    void a_key_comes_home_when_its_upstream_is_no_longer_ejected() {
        RequestFacts request = new TestRequest("alice");
        Upstream home = picking.pick(request);
        home.begin().end(Outcome.CONNECT_FAILED);
        assertThat(picking.pick(request)).isNotSameAs(home);

        picking.time.passSeconds(30);

        assertThat(picking.pick(request)).isSameAs(home);
    }

    @Test
    void one_key_alone_does_not_overrun_its_upstream() {
        RequestFacts request = new TestRequest("the one that everybody asks for");
        Upstream home = picking.pick(request);
        for (int i = 0; i < 16; i++) {
            assertThat(picking.pick(request)).as("request %s", i).isSameAs(home);
            home.begin();
        }

        for (int i = 16; i < 500; i++) {
            picking.pick(request).begin();
        }

        // Twice a fifth of 500.
        assertThat(home.inFlight()).isEqualTo(200);
    }

    @Test
    void requests_without_a_key_are_spread() {
        assertThat(picking.picks(5)).containsExactly("a0", "a1", "a2", "a3", "a4");
        assertThat(picking.pick(new TestRequest(""))).isSameAs(picking.get(0));
    }

    @Test
    void a_key_is_looked_for_where_it_was_said_to_be() {
        RequestFacts request = new RequestFacts() {
            @Override
            public @Nullable String clientAddress() {
                return "address";
            }

            @Override
            public @Nullable String header(String name) {
                return "header " + name;
            }

            @Override
            public @Nullable String cookie(String name) {
                return "cookie " + name;
            }

            @Override
            public @Nullable String queryParameter(String name) {
                return "query " + name;
            }
        };

        assertThat(HashKey.clientAddress().of(request)).isEqualTo("address");
        assertThat(HashKey.header("x").of(request)).isEqualTo("header x");
        assertThat(HashKey.cookie("y").of(request)).isEqualTo("cookie y");
        assertThat(HashKey.queryParameter("z").of(request)).isEqualTo("query z");
        assertThat(HashKey.header("x").of(RequestFacts.NONE)).isNull();
    }

    private String home(String key) {
        return picking.pick(new TestRequest(key)).key().id();
    }

    private static Map<String, String> homes(Picking picking) {
        Map<String, String> homes = new LinkedHashMap<>();
        for (int i = 0; i < KEYS; i++) {
            String key = "key " + i;
            homes.put(key, picking.pick(new TestRequest(key)).key().id());
        }
        return homes;
    }

    private static Rendezvous byHeader() {
        return new Rendezvous(HashKey.header("x"));
    }
}
