package dev.pointsman.balancer.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SensitiveQueryTest {
    @ParameterizedTest
    @CsvSource({
        "sig=secret, sig=REDACTED",
        "a=1&Signature=secret&b=2, a=1&Signature=REDACTED&b=2",
        "AWSAccessKeyId=s&X-Goog-Signature=s, AWSAccessKeyId=REDACTED&X-Goog-Signature=REDACTED",
        "sig=a&sig=b, sig=REDACTED&sig=REDACTED",
        "sig=a=b&c, sig=REDACTED&c",
        "SIG=kept&signature=kept&sigs=kept, SIG=kept&signature=kept&sigs=kept",
        "sig, sig",
        "a=sig=b&&=x&, a=sig=b&&=x&",
    })
    void values_of_signatures_are_hidden_and_nothing_else(String query, String shown) {
        assertThat(SensitiveQuery.redacted(query)).isEqualTo(shown);
        assertThat(SensitiveQuery.redactedTarget("/p?" + query)).isEqualTo("/p?" + shown);
    }

    @Test
    void without_a_query_there_is_nothing_to_hide() {
        assertThat(SensitiveQuery.redacted("")).isEmpty();
        assertThat(SensitiveQuery.redactedTarget("/sig=secret")).isEqualTo("/sig=secret");
        assertThat(SensitiveQuery.redactedTarget("/p?")).isEqualTo("/p?");
    }
}
