package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Health;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeTest {
    private final PoolUnderTest four = PoolUnderTest.of(4, PoolOptions.DEFAULT);

    @Test
    void after_its_time_one_request_at_a_time_is_let_through() {
        eject("a0");
        four.time.passSeconds(29);
        assertThat(four.pick()).isEqualTo("a1");

        four.time.passSeconds(1);

        Attempt probe = four.begin();
        assertThat(probe.upstream().key().id()).isEqualTo("a0");
        assertThat(four.state("a0")).isEqualTo(Availability.PROBING);
        assertThat(four.pick()).isEqualTo("a1");
        assertThat(four.begin().upstream().key().id()).isEqualTo("a1");
    }

    @Test
    void a_probe_with_a_response_readmits() {
        eject("a0");
        four.time.passSeconds(30);

        four.begin().end(Outcome.RESPONDED);

        assertThat(four.state("a0")).isEqualTo(Availability.READY);
        four.begin();
        assertThat(four.pick()).isEqualTo("a0");
    }

    @Test
    void the_head_of_a_response_is_enough_as_its_body_may_never_end() {
        eject("a0");
        four.time.passSeconds(30);

        Attempt probe = four.begin();
        probe.responseBegan(Outcome.RESPONDED);

        assertThat(four.state("a0")).isEqualTo(Availability.READY);
        probe.end(Outcome.RESPONDED);
        assertThat(four.get("a0").inFlight()).isZero();
    }

    @Test
    void a_failed_probe_ejects_for_twice_the_time_up_to_the_longest() {
        eject("a0");
        four.time.passSeconds(30);
        for (int seconds : new int[] {60, 120, 240, 300, 300}) {
            four.begin().end(Outcome.CONNECT_FAILED);
            assertThat(four.state("a0")).isEqualTo(Availability.EJECTED);
            four.time.passSeconds(seconds - 1);
            assertThat(four.pick()).as("a second before %s are over", seconds).isEqualTo("a1");
            four.time.passSeconds(1);
            assertThat(four.pick()).as("after %s seconds", seconds).isEqualTo("a0");
        }
        assertThat(four.get("a0").ejections()).isEqualTo(6);
    }

    @Test
    void a_probe_without_a_verdict_leaves_the_probe_to_the_next_request() {
        eject("a0");
        four.time.passSeconds(30);

        four.begin().end(Outcome.UNDECIDED);

        assertThat(four.state("a0")).isEqualTo(Availability.PROBING);
        assertThat(four.begin().upstream().key().id()).isEqualTo("a0");
        assertThat(four.pick()).isEqualTo("a1");
    }

    @Test
    void what_began_before_the_ejection_is_not_held_against_it_afterwards() {
        List<Attempt> hung = List.of(
                four.get("a0").begin(), four.get("a0").begin(), four.get("a0").begin());
        eject("a0");
        four.time.passSeconds(30);
        Attempt probe = four.begin();
        hung.get(0).end(Outcome.CONNECT_FAILED);
        assertThat(four.state("a0")).isEqualTo(Availability.PROBING);

        probe.end(Outcome.RESPONDED);
        hung.get(1).end(Outcome.CONNECT_FAILED);
        assertThat(four.state("a0")).isEqualTo(Availability.READY);
        hung.get(2).end(Outcome.RESPONDED);
        assertThat(four.get("a0").inFlight()).isZero();
    }

    @Test
    void what_began_before_the_ejection_does_not_readmit_either() {
        Attempt slow = four.get("a0").begin();
        eject("a0");

        slow.end(Outcome.RESPONDED);

        assertThat(four.state("a0")).isEqualTo(Availability.EJECTED);
    }

    @Test
    void an_instance_whose_checks_pass_again_may_prove_itself_before_its_time() {
        eject("a0");
        four.view(instance("a0", 1000, Health.CRITICAL, "refused"), instance("a1", 1001));
        assertThat(four.state("a0")).isEqualTo(Availability.CRITICAL);

        four.view(instance("a0", 1000), instance("a1", 1001));

        assertThat(four.state("a0")).isEqualTo(Availability.PROBING);
        assertThat(four.pick()).isEqualTo("a0");
    }

    @Test
    void of_two_that_were_picked_the_probe_at_a_time_one_gets_it() {
        eject("a0");
        four.time.passSeconds(30);
        Upstream picked = four.now().ready().get(0);
        assertThat(picked.hasRoom()).isTrue();

        assertThat(picked.tryBegin()).isNotNull();

        assertThat(picked.tryBegin()).isNull();
        assertThat(picked.hasRoom()).isFalse();
        assertThat(picked.inFlight()).isEqualTo(1);
    }

    @Test
    void an_attempt_that_insists_beside_the_probe_does_not_decide() {
        eject("a0");
        four.time.passSeconds(30);
        Attempt probe = four.begin();
        Attempt beside = probe.upstream().begin();

        beside.end(Outcome.CONNECT_FAILED);

        assertThat(four.state("a0")).isEqualTo(Availability.PROBING);
        probe.end(Outcome.RESPONDED);
        assertThat(four.state("a0")).isEqualTo(Availability.READY);
    }

    @Test
    void a_probe_that_is_under_way_when_the_instance_moves_frees_nothing_and_decides_nothing() {
        eject("a0");
        four.time.passSeconds(30);
        Attempt old = four.begin();
        four.view(instance("a0", 2000), instance("a1", 1001), instance("a2", 1002));
        eject("a0");
        four.time.passSeconds(30);
        Attempt probe = four.begin();
        assertThat(probe.upstream()).isSameAs(old.upstream());

        old.end(Outcome.UNDECIDED);

        assertThat(four.pick()).isEqualTo("a1");
        probe.end(Outcome.RESPONDED);
        assertThat(four.state("a0")).isEqualTo(Availability.READY);
    }

    private void eject(String id) {
        four.attempts(id, 1, Outcome.CONNECT_FAILED);
        assertThat(four.state(id)).isEqualTo(Availability.EJECTED);
    }
}
