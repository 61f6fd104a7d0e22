package dev.pointsman.balancer.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.observe.MaskedNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SensitiveQueryTest {
    private final SensitiveQuery query = new SensitiveQuery(new MaskedNames(MaskedNames.DEFAULT));

    @ParameterizedTest
    @CsvSource({
        "sig=secret, sig=REDACTED",
        "a=1&Signature=secret&b=2, a=1&Signature=REDACTED&b=2",
        "AWSAccessKeyId=s&X-Goog-Signature=s, AWSAccessKeyId=REDACTED&X-Goog-Signature=REDACTED",
        "sig=a&sig=b, sig=REDACTED&sig=REDACTED",
        "sig=a=b&c, sig=REDACTED&c",
        "SIG=secret&sigs=kept, SIG=REDACTED&sigs=kept",
        "access_token=secret;x=1, access_token=REDACTED;x=1",
        "to%6ben=secret&token[]=secret, to%6ben=REDACTED&token[]=REDACTED",
        "sig, sig",
        "a=sig=b&&=x&, a=sig=b&&=x&",
    })
    void values_of_masked_parameters_are_hidden_and_nothing_else(String asked, String shown) {
        assertThat(query.redacted(asked)).isEqualTo(shown);
        assertThat(query.redactedTarget("/p?" + asked)).isEqualTo("/p?" + shown);
    }

    @Test
    void without_a_query_there_is_nothing_to_hide() {
        assertThat(query.redacted("")).isEmpty();
        assertThat(query.redactedTarget("/sig=secret")).isEqualTo("/sig=secret");
        assertThat(query.redactedTarget("/p?")).isEqualTo("/p?");
    }
}
