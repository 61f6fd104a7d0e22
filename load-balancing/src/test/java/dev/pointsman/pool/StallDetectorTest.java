package dev.pointsman.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StallDetectorTest {
    private final PoolUnderTest service = PoolUnderTest.of(3, PoolOptions.DEFAULT);
    private final List<Attempt> pending = new ArrayList<>();

    /** a0 takes two requests and responds to neither, while the others respond three times the size of the pool. */
    private void stallTheFirst() {
        pending.add(service.get("a0").begin());
        pending.add(service.get("a0").begin());
        othersRespond(9);
    }

    private void othersRespond(int times) {
        for (int i = 0; i < times; i++) {
            respond(service.get(i % 2 == 0 ? "a1" : "a2").begin());
        }
    }

    private static void respond(Attempt attempt) {
        attempt.responseBegan(Outcome.RESPONDED);
        attempt.end(Outcome.RESPONDED);
    }

    @Test
    void one_that_responds_no_more_while_the_others_do_is_passed_over() {
        pending.add(service.get("a0").begin());
        pending.add(service.get("a0").begin());
        othersRespond(8);
        assertThat(service.pick()).isEqualTo("a0");

        othersRespond(1);

        assertThat(service.pick()).isEqualTo("a1");
        assertThat(service.get("a0").isStalled()).isTrue();
    }

    @Test
    void one_that_could_not_be_asked_is_not_stalled() {
        for (int i = 0; i < 10; i++) {
            service.get("a0").begin().end(Outcome.NOT_TRIED);
        }
        othersRespond(9);

        assertThat(service.get("a0").isStalled()).isFalse();
    }

    @Test
    void one_slow_request_is_no_stall() {
        pending.add(service.get("a0").begin());
        othersRespond(100);

        assertThat(service.pick()).isEqualTo("a0");
    }

    @Test
    void a_service_that_is_slow_as_a_whole_has_no_stalled_one() {
        for (String id : List.of("a0", "a1", "a2")) {
            pending.add(service.get(id).begin());
            pending.add(service.get(id).begin());
        }

        assertThat(service.pick()).isEqualTo("a0");
    }

    @Test
    void any_response_takes_it_back() {
        stallTheFirst();

        pending.get(0).responseBegan(Outcome.RESPONDED);

        assertThat(service.pick()).isEqualTo("a0");
    }

    @Test
    void a_time_out_and_a_client_that_leaves_are_no_signs_of_life() {
        stallTheFirst();

        pending.get(0).end(Outcome.TIMED_OUT);
        pending.get(1).end(Outcome.UNDECIDED);

        assertThat(service.pick()).isEqualTo("a1");
    }

    @Test
    void it_gets_one_attempt_after_a_second_and_the_next_after_two_more() {
        stallTheFirst();
        assertThat(service.pick()).isEqualTo("a1");

        service.time.passSeconds(1);
        pending.add(begun());
        assertThat(pending.get(2).upstream().key().id()).isEqualTo("a0");
        assertThat(service.pick()).isEqualTo("a1");

        service.time.passSeconds(1);
        assertThat(service.pick()).isEqualTo("a1");
        service.time.passSeconds(1);
        assertThat(service.pick()).isEqualTo("a0");
    }

    @Test
    void a_trial_with_a_response_brings_it_back() {
        stallTheFirst();
        service.pick();
        service.time.passSeconds(1);

        respond(begun());

        assertThat(service.get("a0").isStalled()).isFalse();
        assertThat(service.pick()).isEqualTo("a0");
    }

    @Test
    void it_is_asked_rather_than_a_request_refused() {
        stallTheFirst();

        Attempt attempt = service.now().begin(List.of(service.get("a1"), service.get("a2")), RequestFacts.NONE, false);

        assertThat(Objects.requireNonNull(attempt).upstream().key().id()).isEqualTo("a0");
    }

    @Test
    void one_that_is_alone_is_never_stalled() {
        PoolUnderTest alone = PoolUnderTest.of(1, PoolOptions.DEFAULT);
        pending.add(alone.get("a0").begin());
        pending.add(alone.get("a0").begin());
        for (int i = 0; i < 100; i++) {
            Attempt attempt = alone.get("a0").begin();
            attempt.end(Outcome.UNDECIDED);
        }

        assertThat(alone.pick()).isEqualTo("a0");
    }

    @Test
    void a_pool_that_goes_by_the_registry_alone_knows_no_stalls() {
        PoolUnderTest plain = PoolUnderTest.of(3, PoolOptions.REGISTRY_ONLY);
        pending.add(plain.get("a0").begin());
        pending.add(plain.get("a0").begin());
        for (int i = 0; i < 100; i++) {
            respond(plain.get("a1").begin());
        }

        assertThat(plain.pick()).isEqualTo("a0");
    }

    private Attempt begun() {
        return service.begin();
    }
}
