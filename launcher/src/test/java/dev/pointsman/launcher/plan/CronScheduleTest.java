package dev.pointsman.launcher.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "0 3 * * *, 2026-01-01T03:00:00Z, 2026-01-02T03:00:00Z",
        "*/15 * * * *, 2026-01-01T00:14:59Z, 2026-01-01T00:15:00Z",
        "30 4 1 * *, 2026-01-01T04:30:00Z, 2026-02-01T04:30:00Z",
        "0 0 * * 1-5, 2026-01-02T12:00:00Z, 2026-01-05T00:00:00Z",
        "0 0 * * 0, 2026-01-01T00:00:00Z, 2026-01-04T00:00:00Z",
        "0 0 * * 7, 2026-01-01T00:00:00Z, 2026-01-04T00:00:00Z",
        "0 0 * * SUN, 2026-01-01T00:00:00Z, 2026-01-04T00:00:00Z",
        "0 0 29 2 *, 2026-01-01T00:00:00Z, 2028-02-29T00:00:00Z",
    })
    void the_next_time_is_the_one_that_crontab_says(String expression, Instant now, Instant next) {
        assertThat(new CronSchedule(expression, ZoneOffset.UTC).after(now)).isEqualTo(next);
    }

    @Test
    void the_time_of_day_is_that_of_the_zone_in_summer_and_in_winter() {
        CronSchedule schedule = new CronSchedule("0 3 * * *", BERLIN);

        assertThat(schedule.after(Instant.parse("2026-01-10T12:00:00Z"))).isEqualTo("2026-01-11T02:00:00Z");
        assertThat(schedule.after(Instant.parse("2026-07-10T12:00:00Z"))).isEqualTo("2026-07-11T01:00:00Z");
    }

    @Test
    void a_time_that_does_not_exist_when_clocks_are_put_forward_costs_no_day() {
        CronSchedule schedule = new CronSchedule("30 2 * * *", BERLIN);

        Instant next = schedule.after(Instant.parse("2026-03-28T12:00:00Z"));

        // 02:30 is not there on the 29th, where 02:00 is followed by 03:00.
        assertThat(next).isBetween(Instant.parse("2026-03-29T00:59:00Z"), Instant.parse("2026-03-30T00:30:00Z"));
        assertThat(schedule.after(next)).isAfter(next);
    }

    @Test
    void a_time_that_comes_twice_when_clocks_are_put_back_counts_once() {
        CronSchedule schedule = new CronSchedule("30 2 * * *", BERLIN);

        Instant first = schedule.after(Instant.parse("2026-10-24T12:00:00Z"));

        assertThat(first.toString()).startsWith("2026-10-25T0");
        assertThat(schedule.after(first)).isEqualTo("2026-10-26T01:30:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "0 3 * *",
                "60 3 * * *",
                "0 0 3 * * *",
                "0 25 * * *",
                "0 3 * * *; rm -rf /",
                "0 0 30 2 *"
            })
    void what_is_none_is_refused(String expression) {
        assertThat(CronSchedule.parse(expression, ZoneOffset.UTC)).isEmpty();
    }

    @Test
    void blanks_do_not_count() {
        assertThat(CronSchedule.parse("  0   3 * * * ", ZoneOffset.UTC))
                .contains(new CronSchedule("0 3 * * *", ZoneOffset.UTC));
    }
}
