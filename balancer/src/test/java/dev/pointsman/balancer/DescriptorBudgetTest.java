package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptorBudgetTest {
    private static final int OPEN = 30;
    private static final int WANTED = 8192;

    @Test
    void where_descriptors_are_plenty_all_clients_that_were_asked_for_are_kept() {
        DescriptorBudget budget = DescriptorBudget.of(20_000, OPEN, WANTED, 3);

        assertThat(budget.isShort()).isFalse();
        assertThat(budget.clients()).isEqualTo(WANTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 160, 256, 512, 1024, 4096, 16_384})
    void where_they_are_short_each_client_that_is_kept_has_one_to_an_instance_and_a_reserve_is_left(int limit) {
        DescriptorBudget budget = DescriptorBudget.of(limit, OPEN, WANTED, 3);

        assertThat(budget.isShort()).isTrue();
        assertThat(budget.clients()).isPositive();
        assertThat(budget.upstreams()).isGreaterThanOrEqualTo(budget.clients());
        assertThat(budget.sockets()).as("those that are rejected included").isGreaterThan(budget.clients());
        assertThat(OPEN + budget.sockets() + budget.upstreams()).isLessThan(limit);
    }

    @Test
    void a_limit_that_is_below_what_is_open_already_leaves_one_client() {
        assertThat(DescriptorBudget.of(32, OPEN, WANTED, 500).clients()).isEqualTo(1);
    }

    @Test
    void it_says_what_is_needed_what_there_is_and_what_follows() {
        assertThat(DescriptorBudget.of(1024, OPEN, WANTED, 3))
                .hasToString(
                        "8192 client connections need 16548 file descriptors, and this process may have 1024 (ulimit"
                                + " -n): max-connections is lowered to 430, with a connection to an instance for each; 164 are"
                                + " kept for the registry, the admin API and log files");
    }

    @Test
    void this_process_knows_its_own() {
        assertThat(DescriptorBudget.ofThisProcess(1, 1).clients()).isEqualTo(1);
    }

    @Test
    void a_process_with_far_fewer_descriptors_than_another_does_not_take_its_place() {
        assertThat(DescriptorBudget.of(60, 30, 8192, 1).isShortBeside(8192)).isTrue();
        assertThat(DescriptorBudget.of(16_384, 45, 8192, 1).isShortBeside(8192))
                .as("a few fewer")
                .isFalse();
        assertThat(DescriptorBudget.of(100_000, 30, 100, 1).isShortBeside(8192))
                .as("fewer, but all that were asked for")
                .isFalse();
    }
}
