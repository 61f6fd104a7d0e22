package dev.pointsman.pick;

import static dev.pointsman.pool.Instances.withMeta;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NearestFirstTest {
    private static final int SPILL_OVER = 4;

    /** a0 and a1 are in the own zone, a2 and a3 in the next, a4 is far away. */
    private final Picking picking = zones(RoundRobin::new, PoolOptions.DEFAULT);

    @Test
    void requests_stay_in_the_own_zone() {
        assertThat(picking.counts(100)).containsExactlyInAnyOrderEntriesOf(Map.of("a0", 50, "a1", 50));
    }

    @Test
    void what_the_own_zone_cannot_carry_goes_to_the_next_one_and_so_on() {
        List<String> ids = begin(20).stream().map(NearestFirstTest::id).toList();

        assertThat(Picking.countsOf(ids.subList(0, 8))).containsOnly(Map.entry("a0", 4), Map.entry("a1", 4));
        assertThat(Picking.countsOf(ids.subList(8, 16))).containsOnly(Map.entry("a2", 4), Map.entry("a3", 4));
        assertThat(ids.subList(16, 20)).containsOnly("a4");
    }

    @Test
    void where_every_zone_is_overloaded_the_own_one_gets_the_request_all_the_same() {
        begin(20);

        assertThat(begin(6)).extracting(NearestFirstTest::id).containsOnly("a0", "a1");
    }

    @Test
    void requests_come_back_to_the_own_zone_as_soon_as_it_has_less_to_do() {
        List<Attempt> begun = begin(9);
        assertThat(id(begun.get(8))).isIn("a2", "a3");

        begun.get(3).end(Outcome.RESPONDED);

        assertThat(picking.picks(5)).containsOnly("a0", "a1");
    }

    @Test
    void a_zone_that_is_down_is_replaced_by_the_next_and_gets_its_requests_back() {
        zones(picking, 2, 3, 4);
        assertThat(picking.counts(100).keySet()).containsExactly("a2", "a3");

        zones(picking, 1, 2, 3, 4);

        assertThat(picking.counts(100).keySet()).containsExactly("a1");
    }

    @Test
    void a_zone_whose_instances_are_ejected_is_replaced_until_they_have_proved_themselves() {
        for (int number = 0; number < 2; number++) {
            picking.get(number).begin().end(Outcome.CONNECT_FAILED);
        }
        assertThat(picking.counts(100).keySet()).containsExactly("a2", "a3");

        picking.time.passSeconds(30);
        List<Attempt> begun = begin(4);

        // One probe for each, and what comes meanwhile goes on to where it went before.
        assertThat(begun)
                .extracting(NearestFirstTest::id)
                .startsWith("a0", "a1")
                .endsWith("a2", "a3");
        begun.forEach(attempt -> attempt.end(Outcome.RESPONDED));
        assertThat(picking.counts(100).keySet()).containsExactly("a0", "a1");
    }

    @Test
    void a_retry_goes_to_the_next_zone_when_all_of_the_own_one_were_tried() {
        List<Upstream> tried = new ArrayList<>();
        for (int attempt = 0; attempt < 5; attempt++) {
            tried.add(Objects.requireNonNull(picking.pick(tried, RequestFacts.NONE)));
        }

        assertThat(tried.subList(0, 2)).containsExactlyInAnyOrder(picking.get(0), picking.get(1));
        assertThat(tried.subList(2, 4)).containsExactlyInAnyOrder(picking.get(2), picking.get(3));
        assertThat(tried.get(4)).isSameAs(picking.get(4));
        assertThat(picking.pick(tried, RequestFacts.NONE)).isNull();
    }

    @Test
    void a_retry_does_not_overload_what_is_left_of_the_own_zone() {
        picking.begin(1, SPILL_OVER);

        assertThat(picking.pick(List.of(picking.get(0)), RequestFacts.NONE)).isIn(picking.get(2), picking.get(3));
    }

    @Test
    void an_instance_that_has_to_prove_itself_makes_the_own_zone_no_larger() {
        picking.get(0).begin().end(Outcome.CONNECT_FAILED);
        picking.time.passSeconds(30);

        List<String> ids = begin(6).stream().map(NearestFirstTest::id).toList();

        assertThat(Picking.countsOf(ids)).containsEntry("a0", 1).containsEntry("a1", SPILL_OVER);
    }

    @Test
    void the_limit_of_instances_makes_requests_go_further_before_the_zone_is_overloaded() {
        Picking limited = zones(RoundRobin::new, PoolOptions.DEFAULT.withMaxInFlight(1));

        List<String> ids = IntStream.range(0, 5)
                .mapToObj(i -> id(limited.pick(RequestFacts.NONE).begin()))
                .toList();

        assertThat(ids).containsExactly("a0", "a1", "a2", "a3", "a4");
        assertThat(limited.pick(List.of(), RequestFacts.NONE)).isNull();
    }

    @Test
    void an_instance_that_hangs_makes_the_own_zone_smaller_and_does_not_turn_requests_away_from_it() {
        // More than the whole zone may have, on one that no longer responds while the others do.
        picking.begin(0, 10);
        for (int response = 0; response < 15; response++) {
            Attempt attempt = picking.get(1).begin();
            attempt.responseBegan(Outcome.RESPONDED);
            attempt.end(Outcome.RESPONDED);
        }

        assertThat(begin(6)).extracting(NearestFirstTest::id).containsExactly("a1", "a1", "a1", "a1", "a2", "a3");
    }

    @Test
    void an_instance_that_stalls_alone_in_its_zone_gets_its_trial() {
        zones(picking, 0, 2, 3, 4);
        picking.begin(0, 2);
        for (int response = 0; response < 12; response++) {
            Attempt attempt = picking.get(2).begin();
            attempt.responseBegan(Outcome.RESPONDED);
            attempt.end(Outcome.RESPONDED);
        }
        assertThat(picking.picks(4)).containsOnly("a2", "a3");

        picking.time.passSeconds(1);

        assertThat(picking.picks(1)).containsExactly("a0");
    }

    @Test
    void a_zone_that_comes_back_with_a_cold_instance_gets_as_much_as_that_can_take() {
        Picking warming = zones(RoundRobin::new, PoolOptions.DEFAULT.withSlowStart(Duration.ofSeconds(60)));
        zones(warming, 2, 3, 4);
        zones(warming, 1, 2, 3, 4);

        // A tenth of what a warm one may have before requests go further.
        assertThat(warming.pick(RequestFacts.NONE).begin())
                .extracting(NearestFirstTest::id)
                .isEqualTo("a1");
        assertThat(warming.picks(4)).containsOnly("a2", "a3");
        warming.time.passSeconds(60);
        assertThat(warming.picks(4)).containsOnly("a1");
    }

    @Test
    void weights_count_within_a_zone_and_do_not_shift_requests_between_zones() {
        Picking weighted = new Picking(policy(WeightedRoundRobin::new), PoolOptions.DEFAULT);
        weighted.view(
                withMeta("a0", 1, Map.of("zone", "0", "weight", "3")),
                withMeta("a1", 1, Map.of("zone", "0", "weight", "1")),
                withMeta("a2", 1, Map.of("zone", "1", "weight", "100")));

        assertThat(weighted.counts(100)).containsOnly(Map.entry("a0", 75), Map.entry("a1", 25));
    }

    @Test
    void an_instance_whose_zone_changes_is_in_the_other_one_from_the_next_snapshot_on() {
        picking.view(inZone(0, 1), inZone(1, 0), inZone(2, 1), inZone(3, 1), inZone(4, 2));

        assertThat(picking.picks(4)).containsOnly("a1");
    }

    @Test
    void turns_go_on_in_each_zone_where_they_were_when_the_registry_has_news() {
        assertThat(picking.picks(1)).containsExactly("a0");

        zones(picking, 0, 1, 2, 3);

        assertThat(picking.picks(3)).containsExactly("a1", "a0", "a1");
        zones(picking, 0, 1);
        assertThat(picking.picks(1)).as("one zone is left").containsExactly("a0");
        zones(picking, 0, 1, 2);
        assertThat(picking.picks(1)).as("two zones again").containsExactly("a1");
    }

    @Test
    void a_key_has_one_home_in_the_own_zone_and_one_in_the_next() {
        Picking byKey = zones(() -> new Rendezvous(HashKey.header("x")), PoolOptions.DEFAULT);

        Set<String> homes = homes(byKey, "alice");
        assertThat(homes).hasSize(1).isSubsetOf("a0", "a1");

        zones(byKey, 2, 3, 4);
        assertThat(homes(byKey, "alice")).hasSize(1).isSubsetOf("a2", "a3");
        zones(byKey, 0, 1, 2, 3, 4);
        assertThat(homes(byKey, "alice")).isEqualTo(homes);
    }

    private static Set<String> homes(Picking among, String key) {
        return Set.copyOf(IntStream.range(0, 20)
                .mapToObj(i -> id(among.pick(new TestRequest(key))))
                .toList());
    }

    @Test
    void a_client_with_a_session_keeps_it_whatever_its_zone_carries() {
        Picking sticky = stickyZones();
        Upstream home = sticky.pick(RequestFacts.NONE);
        RequestFacts client = new TestRequest(Objects.requireNonNull(token(sticky, home, RequestFacts.NONE)));
        for (int i = 0; i < 8; i++) {
            sticky.pick(RequestFacts.NONE).begin();
        }
        assertThat(id(sticky.pick(RequestFacts.NONE))).isIn("a2", "a3");

        assertThat(sticky.pick(client)).isSameAs(home);
        assertThat(token(sticky, home, client)).isNull();
    }

    @Test
    void a_session_that_began_in_the_next_zone_goes_on_there_when_the_own_one_is_back() {
        Picking sticky = stickyZones();
        zones(sticky, 2, 3, 4);
        Upstream home = sticky.pick(RequestFacts.NONE);
        RequestFacts client = new TestRequest(Objects.requireNonNull(token(sticky, home, RequestFacts.NONE)));

        zones(sticky, 0, 1, 2, 3, 4);

        assertThat(sticky.pick(client)).isSameAs(home);
        assertThat(sticky.pool.snapshot().peek(client)).isSameAs(home);
        assertThat(id(sticky.pick(RequestFacts.NONE))).isIn("a0", "a1");
    }

    @Test
    void a_client_keeps_its_token_while_another_zone_stands_in_for_one_request() {
        Picking sticky = stickyZones();
        zones(sticky, 0, 2, 3, 4);
        Upstream home = sticky.pick(RequestFacts.NONE);
        RequestFacts client = new TestRequest(Objects.requireNonNull(token(sticky, home, RequestFacts.NONE)));

        Upstream other = Objects.requireNonNull(sticky.pick(List.of(home), client));

        assertThat(id(other)).isIn("a2", "a3");
        assertThat(token(sticky, other, client)).isNull();
    }

    @Test
    void a_client_without_a_token_gets_that_of_the_instance_it_went_to_in_whichever_zone() {
        Picking sticky = stickyZones();
        List<Upstream> tried = List.of(sticky.get(0), sticky.get(1));
        Upstream picked = Objects.requireNonNull(sticky.pick(tried, RequestFacts.NONE));

        String token = Objects.requireNonNull(token(sticky, picked, RequestFacts.NONE));

        assertThat(sticky.pick(new TestRequest(token))).isSameAs(picked);
    }

    @Test
    void a_look_at_who_is_next_tells_the_zone_and_moves_nothing() {
        for (int i = 0; i < 24; i++) {
            Upstream next = picking.pool.snapshot().peek(RequestFacts.NONE);
            assertThat(picking.pool.snapshot().peek(RequestFacts.NONE)).isSameAs(next);
            assertThat(picking.pick(RequestFacts.NONE)).as("request %s", i).isSameAs(next);
            Objects.requireNonNull(next).begin();
        }
    }

    @Test
    void where_the_policy_draws_who_is_next_is_not_known() {
        assertThat(zones(() -> new WeightedRandom(1), PoolOptions.DEFAULT)
                        .pool
                        .snapshot()
                        .peek(RequestFacts.NONE))
                .isNull();
    }

    @Test
    void a_spill_over_of_nothing_is_refused() {
        assertThatThrownBy(() -> new NearestFirst(upstream -> 0, RoundRobin::new, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("spill over: 0 (expected: 1 or more)");
    }

    private List<Attempt> begin(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> picking.pick(RequestFacts.NONE).begin())
                .toList();
    }

    private static String id(Attempt attempt) {
        return id(attempt.upstream());
    }

    private static String id(Upstream upstream) {
        return upstream.key().id();
    }

    private static @Nullable String token(Picking from, Upstream picked, RequestFacts request) {
        return from.pool.snapshot().picker().token(picked, request);
    }

    private static Picking stickyZones() {
        byte[] secret = "a secret of some length".getBytes(StandardCharsets.UTF_8);
        return zones(() -> new Sticky("s", secret, new RoundRobin()), PoolOptions.DEFAULT);
    }

    private static Picking zones(Supplier<PickPolicy> within, PoolOptions options) {
        Picking made = new Picking(policy(within), options);
        zones(made, 0, 1, 2, 3, 4);
        return made;
    }

    private static NearestFirst policy(Supplier<PickPolicy> within) {
        return new NearestFirst(
                upstream -> Integer.parseInt(upstream.instance().meta().getOrDefault("zone", "9")), within, SPILL_OVER);
    }

    /** Two instances in each zone. */
    private static void zones(Picking of, int... numbers) {
        of.view(IntStream.of(numbers).mapToObj(i -> inZone(i, i / 2)).toArray(Instance[]::new));
    }

    private static Instance inZone(int number, int zone) {
        return withMeta("a" + number, 1, Map.of("zone", Integer.toString(zone)));
    }
}
