package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretFingerprintsTest {
    private static final String SECRET = "0123456789abcdef";

    private static SecretFingerprints of(Map<String, String> environment) throws ConfigException {
        return SecretFingerprints.of(
                new ConfigSource(null, List.of(), environment).readOrThrow().config());
    }

    @Test
    void the_same_secret_has_the_same_fingerprint_which_does_not_show_it() throws Exception {
        Map<String, String> both = Map.of("POINTSMAN_STICKY_SECRET", SECRET, "POINTSMAN_EXPLAIN_SECRET", SECRET);

        SecretFingerprints one = of(both);

        assertThat(one).isEqualTo(of(both));
        assertThat(one.sticky()).matches("[0-9a-f]{4}");
        assertThat(one.explain()).matches("[0-9a-f]{4}").isNotEqualTo(one.sticky());
        assertThat(one.toString()).doesNotContain(SECRET);
    }

    @Test
    void another_secret_has_another_fingerprint_and_none_has_none() throws Exception {
        assertThat(of(Map.of("POINTSMAN_STICKY_SECRET", SECRET)).sticky())
                .isNotEqualTo(
                        of(Map.of("POINTSMAN_STICKY_SECRET", SECRET + "x")).sticky());
        assertThat(of(Map.of())).isEqualTo(new SecretFingerprints(null, null));
    }
}
