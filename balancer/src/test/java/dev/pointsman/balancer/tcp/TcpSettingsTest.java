package dev.pointsman.balancer.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.balancer.config.ConfigException;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.settings.Setting;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of TCP routes that cannot be. */
class TcpSettingsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ":5432=a;names=db.example.com|names without tls-passthrough",
                ":5432;tls-passthrough;names=db.example.com|names, and no to",
                "5432=a|such as :8443",
                ":5432=a;nonsense=1|there is no such",
                ":5432=a;names=-x-;tls-passthrough|hosts such as db.example.com",
                ":8080=a|another port than 8080, which port by default has",
                ":5432=a;polic=random|there is no such",
                ":5432=a;policy=hash:cookie:user|a policy that needs no request",
                ":5432=https://a:1|expected: tcp://HOST:PORT",
                ":5432=a;proxy-protocol|without trusted-proxies",
                ":5432=|expected"
            })
    void a_bad_route_is_one_sentence(String flag, String expected) {
        assertThatThrownBy(() -> ConfigReader.read(List.of(Setting.flag("tcp", flag)), Map.of()))
                .isInstanceOfSatisfying(ConfigException.class, bad -> assertThat(bad.problems())
                        .singleElement()
                        .asString()
                        .contains(expected));
    }

    @Test
    void a_port_that_is_given_twice_is_refused() {
        List<Setting> twice = List.of(Setting.flag("tcp", ":5432=a"), Setting.flag("tcp", ":5432=b"));

        assertThatThrownBy(() -> ConfigReader.read(twice, Map.of())).hasMessageContaining("twice");
    }
}
