package dev.pointsman.balancer.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.balancer.route.StaticUpstream.UpstreamScheme;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticUpstreamTest {
    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.7:8080, 10.0.0.7, 8080",
        "http://shop, shop, 80",
        "http://Shop.Internal.:8080/, shop.internal., 8080",
        "HTTP://a_b-c:1, a_b-c, 1",
        "http://[::1]:65535, ::1, 65535",
        "http://[2001:DB8::7], 2001:db8::7, 80",
        "http://3com.example, 3com.example, 80"
    })
    void a_url_has_a_host_and_perhaps_a_port(String url, String host, int port) throws BadUpstreamException {
        assertThat(StaticUpstream.of(url, 1, false, false)).isEqualTo(new StaticUpstream(host, port, 1, false, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop",
                "shop:80",
                "//shop",
                "ftp://shop",
                "http://",
                "http://:80",
                "http://a b",
                "http://user@shop",
                "http://shop:",
                "http://shop:http",
                "http://shop:0",
                "http://shop:65536",
                "http://shop:-1",
                "http://[::1",
                "http://[::g]",
                "http://[shop]",
                "http://::1",
                "http://256.0.0.1",
                "http://10.0.0",
                "http://010.0.0.1",
                "http://.shop",
                "http://a..b",
                "http://*.shop"
            })
    void anything_else_is_refused_with_what_was_expected(String url) {
        assertThatThrownBy(() -> StaticUpstream.of(url, 1, false, false))
                .isInstanceOf(BadUpstreamException.class)
                .hasMessageStartingWith(
                        "\"" + url + "\" (expected: http://HOST, http://HOST:PORT, or the same with https");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://shop/v1", "http://shop:80/v1/", "http://shop?x=1", "http://shop#x", "http://shop//"})
    void a_path_is_refused_with_what_to_do_instead(String url) {
        assertThatThrownBy(() -> StaticUpstream.of(url, 1, false, false))
                .hasMessage("\"" + url
                        + "\" (expected: http://HOST, http://HOST:PORT, or the same with https, without a path; the route's"
                        + " add-prefix puts one before each request's)");
    }

    @Test
    void https_is_spoken_over_tls_to_port_443_unless_another_is_given() throws BadUpstreamException {
        assertThat(StaticUpstream.of("https://shop", 1, false, false))
                .isEqualTo(new StaticUpstream("shop", 443, 1, false, false, UpstreamScheme.HTTPS))
                .hasToString("https://shop:443");
        assertThat(StaticUpstream.of("HTTPS://shop:8443/", 1, false, false).port())
                .isEqualTo(8443);
    }

    @Test
    void what_is_relayed_as_it_is_is_shown_as_tcp_and_needs_a_port() throws BadUpstreamException {
        assertThat(StaticUpstream.ofTcp("TCP://[::1]:5432", 1, false, false))
                .isEqualTo(new StaticUpstream("::1", 5432, 1, false, false, UpstreamScheme.TCP))
                .hasToString("tcp://[::1]:5432");
        for (String url : List.of("tcp://db", "http://db:5432", "tcp://db:0", "tcp://db:5432/x")) {
            assertThatThrownBy(() -> StaticUpstream.ofTcp(url, 1, false, false))
                    .as(url)
                    .hasMessageStartingWith("\"" + url + "\" (expected: tcp://HOST:PORT");
        }
        assertThatThrownBy(() -> StaticUpstream.of("tcp://db:5432", 1, false, false))
                .hasMessageContaining("(expected: http://HOST,");
    }

    @Test
    void a_route_is_spoken_to_over_tls_as_a_whole_or_not_at_all() {
        assertThatThrownBy(() -> target("http://a", "https://b"))
                .hasMessage(
                        "\"https://b:443\" beside \"http://a:80\" (expected: http:// for all upstreams of a route, or"
                                + " https:// for all)");
    }

    @Test
    void targets_with_the_same_upstreams_are_equal() throws BadUpstreamException {
        assertThat(target("http://a:1", "http://B:80")).isEqualTo(target("http://a:1/", "http://b"));
        assertThat(target("http://a:1"))
                .isNotEqualTo(new StaticTarget(List.of(new StaticUpstream("a", 1, 2, false, false))));
    }

    @Test
    void a_target_is_named_by_its_first_urls() throws BadUpstreamException {
        assertThat(target("http://a:1", "http://[::1]:2").name()).isEqualTo("http://a:1,http://[::1]:2");
        assertThat(target("http://a", "http://b", "http://c", "http://d", "http://e")
                        .name())
                .isEqualTo("http://a:80,http://b:80,http://c:80 and 2 more");
    }

    @Test
    void an_upstream_that_stands_twice_is_refused() {
        assertThatThrownBy(() -> target("http://a:80", "http://b", "http://A"))
                .hasMessage(
                        "\"http://a:80\" stands twice (expected: each upstream once, with a weight where it is to get"
                                + " more)");
    }

    private static StaticTarget target(String... urls) throws BadUpstreamException {
        StaticUpstream[] upstreams = new StaticUpstream[urls.length];
        for (int i = 0; i < urls.length; i++) {
            upstreams[i] = StaticUpstream.of(urls[i], 1, false, false);
        }
        return new StaticTarget(List.of(upstreams));
    }
}
