package dev.pointsman.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StallTest {
    private final PoolUnderTest service = PoolUnderTest.of(3, PoolOptions.DEFAULT);
    private final List<Attempt> unanswered = new ArrayList<>();

    /** a0 takes two requests and answers neither, while the others answer three times the size of the pool. */
    private void stallTheFirst() {
        unanswered.add(service.get("a0").begin());
        unanswered.add(service.get("a0").begin());
        othersAnswer(9);
    }

    private void othersAnswer(int times) {
        for (int i = 0; i < times; i++) {
            answer(service.get(i % 2 == 0 ? "a1" : "a2").begin());
        }
    }

    private static void answer(Attempt attempt) {
        attempt.answering(Outcome.ANSWERED);
        attempt.end(Outcome.ANSWERED);
    }

    @Test
    void one_that_answers_no_more_while_the_others_do_is_passed_over() {
        unanswered.add(service.get("a0").begin());
        unanswered.add(service.get("a0").begin());
        othersAnswer(8);
        assertThat(service.pick()).isEqualTo("a0");

        othersAnswer(1);

        assertThat(service.pick()).isEqualTo("a1");
        assertThat(service.get("a0").isStalled()).isTrue();
    }

    @Test
    void one_slow_request_is_no_stall() {
        unanswered.add(service.get("a0").begin());
        othersAnswer(100);

        assertThat(service.pick()).isEqualTo("a0");
    }

    @Test
    void a_service_that_is_slow_as_a_whole_has_no_stalled_one() {
        for (String id : List.of("a0", "a1", "a2")) {
            unanswered.add(service.get(id).begin());
            unanswered.add(service.get(id).begin());
        }

        assertThat(service.pick()).isEqualTo("a0");
    }

    @Test
    void any_answer_takes_it_back() {
        stallTheFirst();

        unanswered.get(0).answering(Outcome.ANSWERED);

        assertThat(service.pick()).isEqualTo("a0");
    }

    @Test
    void a_time_out_and_a_client_that_leaves_are_no_signs_of_life() {
        stallTheFirst();

        unanswered.get(0).end(Outcome.TIMED_OUT);
        unanswered.get(1).end(Outcome.UNDECIDED);

        assertThat(service.pick()).isEqualTo("a1");
    }

    @Test
    void it_gets_one_attempt_after_a_second_and_the_next_after_two_more() {
        stallTheFirst();
        assertThat(service.pick()).isEqualTo("a1");

        service.time.passSeconds(1);
        unanswered.add(begun());
        assertThat(unanswered.get(2).upstream().key().id()).isEqualTo("a0");
        assertThat(service.pick()).isEqualTo("a1");

        service.time.passSeconds(1);
        assertThat(service.pick()).isEqualTo("a1");
        service.time.passSeconds(1);
        assertThat(service.pick()).isEqualTo("a0");
    }

    @Test
    void an_answered_attempt_of_the_trickle_brings_it_back() {
        stallTheFirst();
        service.pick();
        service.time.passSeconds(1);

        answer(begun());

        assertThat(service.get("a0").isStalled()).isFalse();
        assertThat(service.pick()).isEqualTo("a0");
    }

    @Test
    void it_is_asked_rather_than_a_request_refused() {
        stallTheFirst();

        Attempt attempt = service.now().begin(List.of(service.get("a1"), service.get("a2")), RequestFacts.NONE);

        assertThat(Objects.requireNonNull(attempt).upstream().key().id()).isEqualTo("a0");
    }

    @Test
    void one_that_is_alone_is_never_stalled() {
        PoolUnderTest alone = PoolUnderTest.of(1, PoolOptions.DEFAULT);
        unanswered.add(alone.get("a0").begin());
        unanswered.add(alone.get("a0").begin());
        for (int i = 0; i < 100; i++) {
            Attempt attempt = alone.get("a0").begin();
            attempt.end(Outcome.UNDECIDED);
        }

        assertThat(alone.pick()).isEqualTo("a0");
    }

    @Test
    void a_pool_that_goes_by_the_registry_alone_knows_no_stalls() {
        PoolUnderTest plain = PoolUnderTest.of(3, PoolOptions.REGISTRY_ONLY);
        unanswered.add(plain.get("a0").begin());
        unanswered.add(plain.get("a0").begin());
        for (int i = 0; i < 100; i++) {
            answer(plain.get("a1").begin());
        }

        assertThat(plain.pick()).isEqualTo("a0");
    }

    private Attempt begun() {
        return service.begin();
    }
}
