package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TrustedProxiesTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy("trusted-proxies=127.0.0.0/8");

    @Test
    void a_trusted_proxy_is_believed_and_added_to_the_chain() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));

        proxy.get(
                "/",
                "X-Forwarded-For: 1.2.3.4",
                "X-Forwarded-For: 5.6.7.8",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: shop.example",
                "X-Forwarded-Port: 443",
                "Forwarded: for=1.2.3.4");

        Head arrived = upstream.onlyRequest().head();
        assertThat(arrived.one("x-forwarded-for")).isEqualTo("1.2.3.4, 5.6.7.8, 127.0.0.1");
        assertThat(arrived.one("x-forwarded-proto")).isEqualTo("https");
        assertThat(arrived.one("x-forwarded-host")).isEqualTo("shop.example");
        assertThat(arrived.one("x-forwarded-port")).isEqualTo("443");
        assertThat(arrived.one("forwarded")).isEqualTo("for=1.2.3.4");
    }

    @Test
    void what_a_trusted_proxy_does_not_say_is_filled_in() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));

        proxy.get("/");

        Head arrived = upstream.onlyRequest().head();
        assertThat(arrived.one("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(arrived.one("x-forwarded-proto")).isEqualTo("http");
        assertThat(arrived.one("x-forwarded-host")).isEqualTo("example.com");
    }
}
