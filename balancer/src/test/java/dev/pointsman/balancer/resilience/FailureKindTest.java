package dev.pointsman.balancer.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureKindTest {
    @ParameterizedTest
    @CsvSource({
        "BAD_REQUEST,      400",
        "TLS_IN_CLEAR_TEXT, 400",
        "TARGET_TOO_LONG,  414",
        "HEAD_TOO_LARGE,   431",
        "HEAD_TIMEOUT,     408",
        "UNAUTHORIZED,     401",
        "FORBIDDEN,        403",
        "TOO_MANY_REQUESTS, 429",
        "AUTH_OVERLOAD,    503",
        "BAD_BODY,         400",
        "BODY_TOO_LARGE,   413",
        "TOO_MANY_CONNECTIONS, 503",
        "BAD_HOST,         400",
        "BAD_TARGET,       400",
        "AMBIGUOUS_PATH,   400",
        "CONNECT_METHOD,   405",
        "UNKNOWN_CODING,   501",
        "UNKNOWN_VERSION,  505",
        "NO_ROUTE,         404",
        "NO_INSTANCE,      503",
        "QUEUE_FULL,       503",
        "QUEUE_TIMEOUT,    503",
        "OWN_SHORTAGE,     503",
        "NO_LOCAL_PORT,    503",
        "CONNECT_FAILED,   502",
        "CONNECT_TIMEOUT,  504",
        "TLS_FAILED,       502",
        "CERTIFICATE_NOT_TRUSTED, 502",
        "CERTIFICATE_EXPIRED, 502",
        "CERTIFICATE_NAME, 502",
        "TLS_BROKEN,       502",
        "BROKEN_RESPONSE,    502",
        "STALE_CONNECTION,   502",
        "STALE_BEFORE_SENT,  502",
        "NOT_PROCESSED,      503",
        "NO_WEBSOCKET,       501",
        "BAD_RESPONSE,       502",
        "RESPONSE_TIMEOUT, 504",
        "CLIENT_GONE,      499",
    })
    void each_failure_has_its_status_and_a_sentence(FailureKind kind, int status) {
        assertThat(kind.status()).isEqualTo(status);
        assertThat(kind.sentence()).isNotBlank();
    }

    @Test
    void the_table_above_is_complete() {
        assertThat(FailureKind.values()).hasSize(39);
    }
}
