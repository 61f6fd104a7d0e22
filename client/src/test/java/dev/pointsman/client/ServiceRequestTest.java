package dev.pointsman.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceRequestTest {
    private static final URI BOOKS = URI.create("service://api-service/api/books");

    @Test
    void a_request_has_all_that_its_builder_was_told() {
        HttpRequest request = ServiceRequest.newBuilder(BOOKS)
                .header("x-one", "1")
                .headers("x-two", "2", "x-two", "3")
                .setHeader("x-one", "4")
                .timeout(Duration.ofSeconds(2))
                .expectContinue(true)
                .version(HttpClient.Version.HTTP_2)
                .PUT(BodyPublishers.ofString("four"))
                .build();
        assertThat(request.uri()).isEqualTo(BOOKS);
        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.headers().allValues("x-one")).containsExactly("4");
        assertThat(request.headers().allValues("x-two")).containsExactly("2", "3");
        assertThat(request.timeout()).contains(Duration.ofSeconds(2));
        assertThat(request.expectContinue()).isTrue();
        assertThat(request.version()).contains(HttpClient.Version.HTTP_2);
        assertThat(request.bodyPublisher().orElseThrow().contentLength()).isEqualTo(4);
        assertThat(request).hasToString("service://api-service/api/books PUT");
    }

    @Test
    void a_builder_makes_requests_of_every_method() {
        HttpRequest.Builder builder = ServiceRequest.newBuilder(BOOKS);
        assertThat(builder.build().method()).isEqualTo("GET");
        assertThat(builder.POST(BodyPublishers.noBody()).build().method()).isEqualTo("POST");
        assertThat(builder.DELETE().build().method()).isEqualTo("DELETE");
        assertThat(builder.method("PATCH", BodyPublishers.noBody()).build().method())
                .isEqualTo("PATCH");
        assertThat(builder.GET().build().method()).isEqualTo("GET");
    }

    @Test
    void a_copy_of_a_builder_goes_its_own_way() {
        HttpRequest.Builder builder = ServiceRequest.newBuilder(BOOKS).header("x-one", "1");
        HttpRequest.Builder copy =
                builder.copy().uri(URI.create("service://other/")).setHeader("x-one", "2");
        assertThat(builder.build().uri()).isEqualTo(BOOKS);
        assertThat(builder.build().headers().allValues("x-one")).containsExactly("1");
        assertThat(copy.build().uri()).isEqualTo(URI.create("service://other/"));
        assertThat(copy.build().headers().allValues("x-one")).containsExactly("2");
    }

    @Test
    void two_requests_that_say_the_same_are_equal() {
        assertThat(ServiceRequest.newBuilder(BOOKS).build())
                .isEqualTo(ServiceRequest.newBuilder(BOOKS).build())
                .isNotEqualTo(ServiceRequest.newBuilder(BOOKS).DELETE().build());
    }

    @Test
    void an_address_in_place_of_a_uri_is_what_the_uri_then_says() {
        assertThat(uri(ServiceAddress.of("api-service"), "/api/books?page=2"))
                .isEqualTo("service://api-service/api/books?page=2");
        assertThat(uri(ServiceAddress.of("api").withTag("v2"), "/")).isEqualTo("service://v2.api/");
        assertThat(uri(ServiceAddress.of("a b:c"), "/")).isEqualTo("service://a%20b%3Ac/");
    }

    private static String uri(ServiceAddress address, String pathAndQuery) {
        return ServiceRequest.newBuilder(address, pathAndQuery).build().uri().toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "books", "/a b", "/x#end"})
    void a_path_that_cannot_be_sent_is_refused(String path) {
        assertThatThrownBy(() -> ServiceRequest.newBuilder(ServiceAddress.of("api"), path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "path: '" + path + "' (expected: a slash, then a path and perhaps a query, percent-encoded)");
    }

    @Test
    void header_fields_that_the_jdk_reserves_are_refused_as_by_the_jdk() {
        HttpRequest.Builder builder = ServiceRequest.newBuilder(BOOKS);
        assertThatThrownBy(() -> builder.header("content-length", "1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.header("x", "a\r\nb: c")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_uri_of_something_else_is_refused_when_it_is_set() {
        assertThatThrownBy(() -> ServiceRequest.newBuilder(URI.create("http://example.org/")))
                .isInstanceOf(IllegalArgumentException.class);
        HttpRequest.Builder builder = ServiceRequest.newBuilder(BOOKS);
        assertThatThrownBy(() -> builder.uri(URI.create("http://example.org/")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
