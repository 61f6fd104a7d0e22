package dev.pointsman.balancer.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that one reader resolves to something else than another. */
class RequestTargetAmbiguityTest {
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "/public/..%2fadmin",
                "/public/..%2Fadmin?q",
                "/public/%2e%2e%2fadmin",
                "/public/.%2E%2fadmin",
                "/public%2f../admin",
                "/public%2f..%2fadmin",
                "/public/x%2f..",
                "/public/x%2f../../admin",
                "/a%2f./b",
                "/a/.%2fb",
                "/public/..%5cadmin",
                "/public/..%5Cadmin",
                "/public/..\\admin",
                "/public\\..\\admin",
                "/public%5c../admin",
                "/public/..;/admin",
                "/public/..;x=1/admin",
                "/public/..;",
                "/public/%2e%2e;/admin",
                "/public/..;a%2fb/admin",
                "/public/x;%2f..%2fadmin",
                "/public/..%3b/admin",
                "/public/.;/admin",
                "/public/..%00/admin",
                "/public/..%252fadmin",
                "/public/%252e%252e/admin",
                "/public/%25252e./admin",
                "/public/..%255cadmin",
                "/public/%c0%ae%c0%ae/admin",
                "/public/..%c0%afadmin",
                "/public/..%C1%9Cadmin",
                "/public/..%e0%80%afadmin",
                "/public/%f0%80%80%ae./admin",
                "/public//../admin",
                "/public///../../admin",
                "/public//%2e%2e/admin",
                "/public/;/../admin",
                "/public/;x=1/../admin",
                "/public/a/;/../../admin",
                "/public/%3b/../admin",
                "/public/%253bx/../admin",
                "/public/%00/../admin",
                "/public/;/;/../../admin",
                "/public/./;/../admin",
                "/public/;/%2e%2e/admin",
                "/public/%25%32%65%25%32%65/admin",
                "/public/%25%32%65%25%32%65%25%32%66admin",
                "/public/..%25%32%66admin",
                "/public/..%25%35%63admin",
                "/public/%2%65%2%65/admin",
                "/public/%%32%65%%32%65/admin",
                "http://a/public/..%2fadmin",
                "http://a/public/..;/admin?q"
            })
    void a_dot_segment_that_only_some_readers_see_makes_a_path_ambiguous(String target) {
        assertThat(RequestTarget.of(target).isAmbiguous()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "/",
                "//",
                "/a..b",
                "/..a",
                "/a..",
                "/...",
                "/.well-known/x",
                "/%2f..x",
                "/files/a%2Fb",
                "/files/a%2F..b",
                "/files/a..%2Fb",
                "/files/.a%2Fb",
                "/a%5cb",
                "/a\\b",
                "/a%252fb",
                "/a;b",
                "/public/../a%2Fb",
                "/a/;/b",
                "/a/%00/b",
                "/a%25%32%66b",
                "/100%25/../b",
                "/100%/b",
                "/a;b=..",
                "/a;..;c/d",
                "/a;/b",
                "/;..",
                "/a?next=..%2f",
                "/a?next=/..;/",
                "/a/../b",
                "/a/./b",
                "/a/%2e%2e/b",
                "/a/.%2E/b",
                "/../..",
                "//../a",
                "/a/..//b",
                "/a//b/../c",
                "/%00",
                "/a%00/b",
                "/caf%C3%A9/..x",
                "/%E2%82%AC",
                "/%c0%80..",
                "/%",
                "/%2",
                "/..%",
                "/..%2",
                "/..%25",
                "/%zz..",
                "http://a",
                "http://a/b%2Fc"
            })
    void all_others_mean_the_same_to_everyone(String target) {
        assertThat(RequestTarget.of(target).isAmbiguous()).isFalse();
    }
}
