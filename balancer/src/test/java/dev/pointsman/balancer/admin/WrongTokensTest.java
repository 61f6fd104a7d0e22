package dev.pointsman.balancer.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WrongTokensTest {
    private final WrongTokens wrong = new WrongTokens();

    @Test
    void one_who_shows_many_wrong_tokens_is_answered_late_and_nobody_else() {
        for (int i = 1; i < WrongTokens.MANY; i++) {
            wrong.wrong("192.0.2.1", 0);
        }
        assertThat(wrong.isMany("192.0.2.1", 0)).isFalse();

        wrong.wrong("192.0.2.1", 0);
        assertThat(wrong.isMany("192.0.2.1", 0)).isTrue();
        assertThat(wrong.isMany("192.0.2.2", 0)).isFalse();
    }

    @Test
    void it_is_forgotten_after_a_minute_or_a_right_one() {
        for (int i = 0; i < WrongTokens.MANY; i++) {
            wrong.wrong("192.0.2.1", 0);
            wrong.wrong("192.0.2.2", 0);
        }
        wrong.right("192.0.2.2");

        assertThat(wrong.isMany("192.0.2.2", 1)).isFalse();
        assertThat(wrong.isMany("192.0.2.1", TimeUnit.SECONDS.toNanos(61))).isFalse();
    }
}
