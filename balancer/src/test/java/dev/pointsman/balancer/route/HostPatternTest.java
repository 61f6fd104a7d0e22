package dev.pointsman.balancer.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "shop.example.com,          shop.example.com",
        "Shop.EXAMPLE.com.,         shop.example.com",
        "*.Example.com,             *.example.com",
        "m\u00fcnchen.example,      xn--mnchen-3ya.example",
        "*.b\u00fccher.example,     *.xn--bcher-kva.example",
        "xn--mnchen-3ya.example,    xn--mnchen-3ya.example",
        "192.0.2.7,                 192.0.2.7",
        "[2001:DB8::7],             [2001:db8::7]",
        "my_host,                   my_host",
    })
    void a_host_is_kept_in_its_normal_form(String given, String normal) {
        assertThat(Objects.requireNonNull(HostPattern.parse(given))).hasToString(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop.example.com:80",
                "*",
                "*.",
                "a.*.example.com",
                "*example.com",
                "a..b",
                ".a",
                "-a.example",
                "a b",
                "http://a",
                "a@b",
                "[::1",
                "a%41",
            })
    void what_is_no_host_is_refused(String given) {
        assertThat(HostPattern.parse(given)).isNull();
    }

    @Test
    void a_label_and_a_name_have_their_longest_length() {
        String label = "a".repeat(63);
        assertThat(HostPattern.parse(label + ".example")).isNotNull();
        assertThat(HostPattern.parse(label + "a.example")).isNull();
        assertThat(HostPattern.parse((label + ".").repeat(4))).isNull();
    }

    @ParameterizedTest(name = "{0} asks for {1}")
    @CsvSource({
        "shop.example.com,         shop.example.com",
        "SHOP.example.com:8443,    shop.example.com",
        "shop.example.com.,        shop.example.com",
        "shop.example.com.:80,     shop.example.com",
        "[2001:DB8::7]:80,         [2001:db8::7]",
        "[2001:db8::7],            [2001:db8::7]",
        "shop.example.com:,        shop.example.com",
        ".,                        .",
    })
    void a_requested_host_counts_without_port_case_and_trailing_dot(String sent, String normal) {
        assertThat(HostPattern.normalName(sent)).isEqualTo(normal);
    }
}
