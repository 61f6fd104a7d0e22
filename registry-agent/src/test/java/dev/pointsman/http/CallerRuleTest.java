package dev.pointsman.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call a port that asks for no credentials. */
class CallerRuleTest {
    private static final CallerRule LOOPBACK = new CallerRule("127.0.0.1", List.of("Admin.Example", "box"));
    private static final CallerRule ANYWHERE = new CallerRule("0.0.0.0", List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:8500",
                "10.1.2.3",
                "[::1]",
                "[::1]:9901",
                "localhost",
                "LocalHost:1",
                "localhost.",
                "a.localhost:1",
                "admin.example",
                "ADMIN.example:9901",
                "box"
            })
    void programs_call_by_an_address_localhost_or_a_configured_name(String host) {
        assertThat(refusal(LOOPBACK, "/", true, "Host", host)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8500",
                "127.0.0.1.evil.example",
                "evillocalhost",
                "localhost.evil.example",
                "x.admin.example",
                "boxx",
                "2130706433",
                "0x7f.1",
                "127.1",
                ""
            })
    void on_loopback_no_other_name_is_let_through(String host) {
        assertThat(refusal(LOOPBACK, "/", true, "Host", host)).isEqualTo(PortRefusal.FOREIGN_HOST);
    }

    @Test
    void a_target_with_a_host_of_its_own_is_held_to_the_same() {
        assertThat(refusal(LOOPBACK, "http://evil.example/", true, "Host", "127.0.0.1"))
                .isEqualTo(PortRefusal.FOREIGN_HOST);
        assertThat(refusal(LOOPBACK, "http://127.0.0.1:1/", true, "Host", "127.0.0.1"))
                .isNull();
    }

    @Test
    void the_name_that_it_listens_on_is_its_own() {
        CallerRule rule = new CallerRule("registry.local", List.of());

        assertThat(refusal(rule, "/", true, "Host", "registry.local:8500")).isNull();
        assertThat(refusal(rule, "/", true, "Host", "evil.example")).isEqualTo(PortRefusal.FOREIGN_HOST);
    }

    @Test
    void elsewhere_any_name_will_do_unless_names_were_given() {
        CallerRule named = new CallerRule("0.0.0.0", List.of("registry"));

        assertThat(refusal(ANYWHERE, "/", false, "Host", "registry:8500")).isNull();
        assertThat(refusal(ANYWHERE, "/", true, "Host", "box:8500")).isNull();
        assertThat(refusal(new CallerRule("10.0.0.1", List.of()), "/", false, "Host", "box"))
                .isNull();
        assertThat(refusal(named, "/", false, "Host", "registry:8500")).isNull();
        assertThat(refusal(named, "/", false, "Host", "evil.example")).isEqualTo(PortRefusal.FOREIGN_HOST);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "Origin, http://evil.example",
        "Origin, null",
        "Origin, http://127.0.0.1",
        "Origin, http://localhost:3000",
        "Origin, http://127.0.0.1:3000",
        "Origin, http://127.0.0.1:8500.evil.example",
        "Origin, chrome-extension",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
        "Sec-Fetch-Site, Cross-Site",
        "Sec-Fetch-Site, whatever",
    })
    void a_page_of_another_origin_is_refused_on_every_port(String field, String value) {
        for (CallerRule rule : List.of(LOOPBACK, ANYWHERE)) {
            assertThat(refusal(rule, "/", true, "Host", "127.0.0.1:8500", field, value))
                    .isEqualTo(PortRefusal.FOREIGN_PAGE);
        }
    }

    @Test
    void one_foreign_line_among_several_is_enough() {
        assertThat(refusal(
                        LOOPBACK,
                        "/",
                        true,
                        "Host",
                        "127.0.0.1",
                        "Origin",
                        "http://127.0.0.1",
                        "Origin",
                        "http://evil.example"))
                .isEqualTo(PortRefusal.FOREIGN_PAGE);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "Origin, http://127.0.0.1:8500",
        "Origin, HTTP://127.0.0.1:8500",
        "Sec-Fetch-Site, same-origin",
        "Sec-Fetch-Site, none",
        "Referer, http://evil.example/",
    })
    void pages_of_its_own_and_what_a_user_types_pass(String field, String value) {
        assertThat(refusal(LOOPBACK, "/", true, "Host", "127.0.0.1:8500", field, value))
                .isNull();
    }

    @Test
    void http_1_0_without_a_host_passes() {
        assertThat(refusal(LOOPBACK, "/", true)).isNull();
    }

    private static @org.jspecify.annotations.Nullable PortRefusal refusal(
            CallerRule rule, String target, boolean loopback, String... fields) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        return rule.refusal(target, headers, loopback);
    }
}
