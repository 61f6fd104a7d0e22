package dev.pointsman.client.internal.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.client.ServiceAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceTargetTest {
    @ParameterizedTest
    @CsvSource({
        "service://api-service/api/books?page=2, api-service, /api/books?page=2",
        "service://api-service, api-service, /",
        "service://api-service?page=2, api-service, /?page=2",
        "service://my_api.v2/x, my_api.v2, /x",
        "SERVICE://Api/a%20b, Api, /a%20b",
        "service://my%20api/, my api, /",
        "service://api/bücher, api, /b%C3%BCcher",
        "http://api.service.consul/x?y=%2F, api, /x?y=%2F",
        "http://my_api.service.consul, my_api, /",
        "HTTP://Api.Service.Consul/, Api, /",
    })
    void a_uri_names_a_service_and_what_is_asked_of_it(String uri, String name, String pathAndQuery) {
        assertThat(ServiceTarget.of(URI.create(uri)))
                .isEqualTo(new ServiceTarget(ServiceAddress.of(name), pathAndQuery));
    }

    @Test
    void the_name_of_consuls_dns_can_have_a_tag_in_front() {
        assertThat(ServiceTarget.of(URI.create("http://v2.api.service.consul/x"))
                        .address())
                .isEqualTo(ServiceAddress.of("api").withTag("v2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "service://api:8080/x | has a port",
                "service://my_api:8080/x | has a port",
                "http://api.service.consul:80/x | has a port",
                "service://api/x#end | has a fragment",
                "http://api.service.consul/#end | has a fragment",
                "service:///x | names no service",
                "service:api | names no service",
                "/x | names no service",
                "ftp://api/x | names no service",
                "http://example.org/x | this client calls services only",
                "http://example.org:8080/x | this client calls services only",
                "https://example.org/x | this client calls services only",
                "https://api.service.consul/x | asks for TLS",
                "http://api.service.dc2.consul/x | names a datacenter",
                "http://v2.api.service.dc2.dc.consul/x | names a datacenter",
                "http://api.query.consul/x | names no service",
                "http://a.b.api.service.consul/x | without dots",
                "http://_api._tcp.service.consul/x | without dots",
                "http://.service.consul/x | without dots",
            })
    void any_other_uri_is_refused_in_one_sentence_that_says_what_is_expected(String uri, String why) {
        assertThatThrownBy(() -> ServiceTarget.of(URI.create(uri)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("uri: ", why, "expected: service://NAME/path");
    }

    @Test
    void a_password_in_a_uri_is_not_repeated() {
        assertThatThrownBy(() -> ServiceTarget.of(URI.create("service://me:secret@api/x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a user in it")
                .hasMessageNotContaining("secret");
    }
}
