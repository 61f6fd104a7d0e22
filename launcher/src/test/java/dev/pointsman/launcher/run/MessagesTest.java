package dev.pointsman.launcher.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.launcher.plan.InstanceOptions;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.plan.TestPlans;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final ServicePlan PLAN = TestPlans.of("api", 1, InstanceOptions.DEFAULT, null, List.of("app"));

    @Test
    void an_exit_is_described_by_its_code_or_its_signal() {
        assertThat(Messages.exit(3)).isEqualTo("exited with code 3");
        assertThat(Messages.exit(128 + 9)).isEqualTo("was ended by SIGKILL");
        assertThat(Messages.exit(255)).isEqualTo("exited with code 255");
    }

    @Test
    void a_program_that_listens_elsewhere_hears_how_it_is_told_its_port() {
        assertThat(Messages.tooSlow(PLAN, 21000, "connection refused", List.of(3000)))
                .isEqualTo("was not up within 30 s: it listens on [3000], and not on its port 21000 (the variable PORT,"
                        + " or {port} in its arguments)");
        assertThat(Messages.tooSlow(PLAN, 21000, "HTTP 503", List.of(21000)))
                .isEqualTo("was not up within 30 s: HTTP 503");
    }

    @Test
    void a_program_that_is_not_seen_to_listen_hears_so_beside_what_the_check_said() {
        assertThat(Messages.tooSlow(PLAN, 21000, "connection refused", List.of()))
                .isEqualTo(
                        "was not up within 30 s: connection refused, and it is not seen to listen anywhere (expected: on"
                                + " its port 21000, the variable PORT, or {port} in its arguments)");
        assertThat(Messages.tooSlow(PLAN, 21000, "", List.of()))
                .isEqualTo("was not up within 30 s: it is not seen to listen anywhere (expected: on its port 21000, the"
                        + " variable PORT, or {port} in its arguments)");
    }

    @Test
    void times_and_numbers_read_as_people_write_them() {
        assertThat(Messages.time(Duration.ofMillis(1500))).isEqualTo("1500 ms");
        assertThat(Messages.time(Duration.ofSeconds(2))).isEqualTo("2 s");
        assertThat(Messages.count(1, "instance")).isEqualTo("1 instance");
        assertThat(Messages.count(0, "instance")).isEqualTo("0 instances");
    }
}
