package dev.pointsman.balancer.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedNamesTest {
    private final MaskedNames usual = new MaskedNames(MaskedNames.DEFAULT);

    private boolean isMasked(String parameter) {
        return usual.covers(parameter, 0, parameter.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"code", "Code", "c%6fde", "access_token", "id_token", "refresh_token", "client_secret"})
    void what_a_login_by_oauth_could_be_stolen_with_is_masked_by_default(String parameter) {
        assertThat(isMasked(parameter)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token[]",
                "user[password]",
                "user%5Bpassword%5d[0]",
                "user.password",
                "token[expires]",
                "+token",
                "%20token",
                "access-token",
                "API-Key"
            })
    void a_name_is_masked_however_frameworks_let_it_be_written(String parameter) {
        assertThat(isMasked(parameter)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "x-api-key", "X_API_KEY", "Api-Key"})
    void a_field_is_masked_by_its_name_in_any_spelling(String field) {
        assertThat(usual.coversField(field)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                ".",
                "+",
                "%",
                "%2",
                "tok",
                "tokens",
                "token_type",
                "a[b].c",
                "state",
                "codec",
                "postcode",
                "error",
                "scope",
                "redirect_uri"
            })
    void what_tells_logins_apart_and_what_is_only_spelled_alike_stays_readable(String parameter) {
        assertThat(isMasked(parameter)).isFalse();
    }
}
