package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.backup;
import static dev.pointsman.pool.Instances.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Health;
import org.junit.jupiter.api.Test;

class BackupTest {
    private final PoolUnderTest pool = new PoolUnderTest(PoolOptions.DEFAULT);

    @Test
    void backups_wait_while_another_is_ready() {
        pool.view(instance("a", 1), backup("b", Health.PASSING), instance("c", 2, Health.CRITICAL, "no response"));

        assertThat(pool.ready()).containsExactly("a");
        assertThat(pool.state("b")).isEqualTo(Availability.READY);
        assertThat(pool.now().backups()).isFalse();
    }

    @Test
    void backups_serve_while_no_other_can() {
        pool.view(
                instance("a", 1, Health.MAINTENANCE, "down"),
                backup("b", Health.PASSING),
                backup("c", Health.PASSING),
                backup("d", Health.CRITICAL));

        assertThat(pool.ready()).containsExactly("b", "c");
        assertThat(pool.now().backups()).isTrue();
        assertThat(pool.now().failOpen()).isFalse();
    }

    @Test
    void a_backup_that_is_well_comes_before_others_that_are_not() {
        pool.view(instance("a", 1, Health.CRITICAL, "no response"), backup("b", Health.PASSING));

        assertThat(pool.ready()).containsExactly("b");
        assertThat(pool.pick("b")).isEqualTo("a");
    }

    @Test
    void backups_rest_again_as_soon_as_another_is_ready() {
        pool.view(instance("a", 1, Health.CRITICAL, "no response"), backup("b", Health.PASSING));
        pool.view(instance("a", 1), backup("b", Health.PASSING));

        assertThat(pool.ready()).containsExactly("a");
    }

    @Test
    void when_nothing_looks_healthy_backups_come_last() {
        pool.view(backup("a", Health.CRITICAL), instance("b", 1, Health.CRITICAL, "no response"));

        assertThat(pool.now().failOpen()).isTrue();
        assertThat(pool.ready()).containsExactly("b");
        assertThat(pool.pick("b")).isEqualTo("a");
    }

    @Test
    void where_there_are_only_backups_they_fail_open_too() {
        pool.view(backup("a", Health.CRITICAL), instance("b", 1, Health.MAINTENANCE, "down"));

        assertThat(pool.now().failOpen()).isTrue();
        assertThat(pool.ready()).containsExactly("a");
    }

    @Test
    void a_request_that_failed_on_all_others_goes_on_to_a_backup_before_it_goes_to_an_unhealthy_one() {
        pool.view(
                instance("a", 1),
                backup("b", Health.PASSING),
                instance("c", 2, Health.CRITICAL, "no response"),
                backup("d", Health.CRITICAL));

        assertThat(pool.pick("a")).isEqualTo("b");
        assertThat(pool.pool.statistics().failOpenPicks()).isZero();
        assertThat(pool.pick("a", "b")).isEqualTo("c");
        assertThat(pool.pick("a", "b", "c")).isEqualTo("d");
        assertThat(pool.pool.statistics().failOpenPicks()).isEqualTo(2);
    }

    @Test
    void such_a_request_goes_on_to_a_backup_also_where_the_pool_must_not_fail_open() {
        PoolUnderTest shut = new PoolUnderTest(PoolOptions.DEFAULT.withFailOpen(false));
        shut.view(instance("a", 1), backup("b", Health.PASSING), backup("c", Health.CRITICAL));

        assertThat(shut.pick("a")).isEqualTo("b");
        assertThat(shut.pick("a", "b")).isNull();
    }

    @Test
    void a_full_one_is_waited_for_instead() {
        PoolUnderTest limited = new PoolUnderTest(PoolOptions.DEFAULT.withMaxInFlight(1));
        limited.view(instance("a", 1), backup("b", Health.PASSING));
        limited.begin();

        assertThat(limited.pick()).isNull();
    }

    @Test
    void while_backups_serve_an_ejected_one_is_probed_and_takes_over_when_it_responds() {
        pool.view(instance("a", 1), backup("b", Health.PASSING));
        pool.attempts("a", 1, Outcome.CONNECT_FAILED);
        assertThat(pool.ready()).containsExactly("b");
        pool.time.passSeconds(30);

        assertThat(pool.ready()).containsExactly("a", "b");
        Attempt probe = pool.begin();
        assertThat(probe.upstream().key().id()).isEqualTo("a");
        assertThat(pool.begin().upstream().key().id()).isEqualTo("b");
        probe.end(Outcome.RESPONDED);

        assertThat(pool.ready()).containsExactly("a");
    }

    @Test
    void an_instance_becomes_a_backup_by_its_tag_alone() {
        pool.view(instance("a", 1), instance("b", 2));
        pool.view(instance("a", 1), backup("b", Health.PASSING));

        assertThat(pool.ready()).containsExactly("a");
    }
}
