package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.InstanceKey;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Instances that somebody takes out of service in this process alone. */
class DrainTest {
    private static final String WHY = "drained by 127.0.0.1";
    private static final String BACK = "readmitted by 127.0.0.1";

    private final PoolUnderTest three = PoolUnderTest.of(3, PoolOptions.DEFAULT);

    private InstanceKey key(String id) {
        return three.get(id).key();
    }

    @Test
    void a_drained_instance_gets_no_new_attempt_and_says_why() {
        three.pool.drain(key("a0"), WHY);

        assertThat(three.state("a0")).isEqualTo(Availability.DRAINED);
        assertThat(three.get("a0").why()).isEqualTo(WHY);
        assertThat(three.ready()).containsExactly("a1", "a2");
        assertThat(three.pick("a1", "a2")).isNull();
    }

    @Test
    void what_is_in_flight_finishes() {
        Attempt attempt = three.begin();
        InstanceKey key = attempt.upstream().key();

        three.pool.drain(key, WHY);

        assertThat(three.pool.inFlightOn(key.node(), key.id())).isEqualTo(1);
        attempt.end(Outcome.RESPONDED);
        assertThat(three.pool.inFlightOn(key.node(), key.id())).isZero();
        assertThat(three.state(key.id())).isEqualTo(Availability.DRAINED);
    }

    @Test
    void a_request_that_read_an_older_snapshot_goes_to_another_instance() {
        PoolSnapshot older = three.now();
        three.pool.drain(key("a0"), WHY);

        Attempt attempt = Objects.requireNonNull(older.begin(List.of(), RequestFacts.NONE, false));

        assertThat(attempt.upstream().key().id()).isEqualTo("a1");
    }

    @Test
    void it_is_not_used_when_the_pool_fails_open_either() {
        three.view(
                instance("a0", 1000),
                instance("a1", 1001, Health.CRITICAL, "down"),
                instance("a2", 1002, Health.CRITICAL, "down"));
        three.pool.drain(key("a0"), WHY);

        assertThat(three.now().failOpen()).isTrue();
        assertThat(three.ready()).containsExactly("a1", "a2");

        three.pool.drain(key("a1"), WHY);
        three.pool.drain(key("a2"), WHY);
        assertThat(three.pick()).isNull();
    }

    @Test
    void it_stays_drained_whatever_the_registry_says_and_when_it_comes_back() {
        three.pool.drain(key("a0"), WHY);

        three.view(instance("a0", 1000, Health.WARNING, "slow"), instance("a1", 1001));
        assertThat(three.state("a0")).isEqualTo(Availability.DRAINED);

        three.view(instance("a1", 1001));
        three.view(instance("a0", 1000), instance("a1", 1001));
        assertThat(three.state("a0")).isEqualTo(Availability.DRAINED);
        assertThat(three.pick("a1")).isNull();
    }

    @Test
    void one_that_is_not_listed_yet_is_drained_from_the_beginning() {
        PoolUnderTest pool = new PoolUnderTest(PoolOptions.DEFAULT);
        pool.pool.drain(key("a0"), WHY);

        pool.view(instance("a0", 1000), instance("a1", 1001));

        assertThat(pool.ready()).containsExactly("a1");
        assertThat(pool.reasons("a0")).containsExactly(WHY);
    }

    @Test
    void readmitted_it_is_picked_at_once() {
        three.pool.drain(key("a0"), WHY);
        three.pool.readmit(key("a0"), BACK);

        assertThat(three.state("a0")).isEqualTo(Availability.READY);
        assertThat(three.begin().upstream().key().id()).isEqualTo("a0");
        assertThat(three.reasons("a0")).containsExactly("", WHY, BACK);
    }

    @Test
    void an_ejected_one_can_be_readmitted_before_its_time_is_over() {
        three.attempts("a0", 1, Outcome.CONNECT_FAILED);
        assertThat(three.state("a0")).isEqualTo(Availability.EJECTED);

        three.pool.readmit(key("a0"), BACK);

        assertThat(three.state("a0")).isEqualTo(Availability.READY);
        assertThat(three.ready()).containsExactly("a0", "a1", "a2");
        assertThat(three.reasons("a0")).last().isEqualTo(BACK);
    }

    @Test
    void one_that_was_ejected_while_it_was_drained_is_readmitted_from_both() {
        Attempt attempt = three.begin();
        three.pool.drain(attempt.upstream().key(), WHY);
        attempt.end(Outcome.CONNECT_FAILED);

        three.pool.readmit(attempt.upstream().key(), BACK);

        assertThat(three.state(attempt.upstream().key().id())).isEqualTo(Availability.READY);
    }

    @Test
    void readmitting_does_not_overrule_the_registry() {
        three.view(instance("a0", 1000, Health.CRITICAL, "down"), instance("a1", 1001));
        three.pool.drain(key("a0"), WHY);
        three.pool.readmit(key("a0"), BACK);

        assertThat(three.state("a0")).isEqualTo(Availability.CRITICAL);
        assertThat(three.reasons("a0")).last().isEqualTo(BACK + "; down");
    }
}
