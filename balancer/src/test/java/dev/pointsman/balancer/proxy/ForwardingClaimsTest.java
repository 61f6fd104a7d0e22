package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that say where a request came from, in all the spellings that some program reads as such. */
class ForwardingClaimsTest {
    private static Message arrived(TestProxy proxy, String... fields) throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        assertThat(proxy.get("/x", fields).status()).isEqualTo(200);
        return upstream.onlyRequest();
    }

    @Nested
    class FromAnyone {
        @RegisterExtension
        private static final TestProxy proxy = TestProxy.shared();

        @ParameterizedTest(name = "{0}")
        @ValueSource(
                strings = {
                    "X_Forwarded_For",
                    "X-Forwarded_For",
                    "x_forwarded-for",
                    "X_FORWARDED_PROTO",
                    "X_Forwarded_Host",
                    "X-Forwarded_Prefix",
                    "X-Forwarded",
                    "X_Forwarded",
                    "X-Forwarded-",
                    "X-Forwarded-Ssl",
                    "X-Forwarded-Server",
                    "X-Forwarded-Scheme",
                    "X-Forwarded-Protocol",
                    "X-Forwarded-By",
                    "X-Forwarded-User",
                    "X_Forwarded_Email",
                    "X-Forwarded-Access-Token",
                    "X-Forwarded-Client-Cert",
                    "X-Forwarded-Something-That-Is-Longer-Than-Any-Name-Known-Here",
                    "X-ForwardedFor",
                    "Forwarded-For",
                    "Forwarded_For",
                    "Forwarded-Proto",
                    "X-Real-IP",
                    "x_real_ip",
                    "X-Real_Ip",
                    "True-Client-IP",
                    "True_Client_IP",
                    "X-Client-IP",
                    "Client-IP",
                    "Client_Ip",
                    "X-Cluster-Client-IP",
                    "CF-Connecting-IP",
                    "CF_CONNECTING_IP",
                    "Fastly-Client-IP",
                    "X-Original-URL",
                    "X-Rewrite-URL",
                    "X-Original-Host",
                    "X-Original-Forwarded-For",
                    "X_Original_Forwarded_For",
                    "X-ProxyUser-Ip",
                    "Front-End-Https",
                    "CloudFront-Forwarded-Proto",
                    "X_Request_Id",
                    "X-Request_ID"
                })
        void no_spelling_of_a_forwarding_field_arrives(String name) throws Exception {
            Head arrived = arrived(proxy, name + ": 6.6.6.6", "X-Plain: 1").head();

            assertThat(arrived.has(name)).isFalse();
            assertThat(arrived.one("x-plain")).isEqualTo("1");
            assertThat(arrived.one("x-forwarded-for")).isEqualTo("127.0.0.1");
            assertThat(arrived.one("x-request-id")).isNotEqualTo("6.6.6.6");
        }

        @ParameterizedTest(name = "{0}")
        @ValueSource(
                strings = {
                    "X_Plain",
                    "x_user_id",
                    "_",
                    "X-Forward",
                    "X-Forwarder-Not",
                    "Forward",
                    "Forwardedness",
                    "X-Real-IPs",
                    "Real-Ips",
                    "X-Client",
                    "Via",
                    "X-Request-Identity",
                    "X_Request",
                    "User_Agent",
                    "X"
                })
        void a_field_that_only_resembles_one_passes(String name) throws Exception {
            assertThat(arrived(proxy, name + ": a value").head().all(name)).contains("a value");
        }

        @Test
        void trailers_carry_none_either() throws Exception {
            ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "ok"));
            Wire client = proxy.connect();

            TestProxy.sendRequest(client, "POST", "/x", "Transfer-Encoding: chunked");
            client.send("1\r\na\r\n0\r\nX_Forwarded_For: 6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nX_Request_Id: 6\r\n");
            client.send("Content_Length: 9\r\nX_Sum: 42\r\n\r\n");
            assertThat(client.readMessage().status()).isEqualTo(200);

            Head trailers = upstream.onlyRequest().trailers();
            assertThat(trailers.has("x_forwarded_for")).isFalse();
            assertThat(trailers.has("x-real-ip")).isFalse();
            assertThat(trailers.has("x_request_id")).isFalse();
            assertThat(trailers.has("content_length")).isFalse();
            assertThat(trailers.one("x_sum")).isEqualTo("42");
        }

        @Test
        void connection_cannot_take_off_what_this_proxy_writes_by_another_spelling() throws Exception {
            Head arrived = arrived(proxy, "Connection: x_forwarded_for, X-Forwarded_Proto, x_request_id")
                    .head();

            assertThat(arrived.one("x-forwarded-for")).isEqualTo("127.0.0.1");
            assertThat(arrived.one("x-forwarded-proto")).isEqualTo("http");
            assertThat(arrived.has("x-request-id")).isTrue();
        }
    }

    @Nested
    class FromTrustedProxies {
        @RegisterExtension
        private static final TestProxy proxy = TestProxy.shared("trusted-proxies=127.0.0.0/8");

        @ParameterizedTest(name = "{0}")
        @ValueSource(
                strings = {"X-Real-IP", "X_Forwarded_For", "X-Forwarded-Ssl", "Forwarded-For", "X_Request_Id", "X_Y"})
        void all_of_them_pass(String name) throws Exception {
            assertThat(arrived(proxy, name + ": 1.2.3.4").head().one(name)).isEqualTo("1.2.3.4");
        }

        @Test
        void a_client_of_a_trusted_proxy_cannot_have_them_taken_off_by_connection() throws Exception {
            Head arrived = arrived(proxy, "X-Real-IP: 1.2.3.4", "Connection: X-Real-IP")
                    .head();

            assertThat(arrived.one("x-real-ip")).isEqualTo("1.2.3.4");
        }
    }

    @Nested
    class WithoutUnderscores {
        @RegisterExtension
        private static final TestProxy proxy =
                TestProxy.shared("underscore-fields=drop", "trusted-proxies=127.0.0.0/8");

        @Test
        void fields_with_an_underscore_are_dropped_and_all_others_pass() throws Exception {
            Head arrived = arrived(
                            proxy, "X_Plain: 1", "x_plain: 2", "_: 3", "X-Plain: 4", "X_Forwarded_For: 5", "X-Under: _")
                    .head();

            assertThat(arrived.fields()).noneMatch(field -> field.getKey().contains("_"));
            assertThat(arrived.one("x-plain")).isEqualTo("4");
            assertThat(arrived.one("x-under")).isEqualTo("_");
        }

        @Test
        void trailers_with_an_underscore_are_dropped_too() throws Exception {
            ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "ok"));
            Wire client = proxy.connect();

            TestProxy.sendRequest(client, "POST", "/x", "Transfer-Encoding: chunked");
            client.send("1\r\na\r\n0\r\nX_Sum: 42\r\nX-Sum: 43\r\n\r\n");
            assertThat(client.readMessage().status()).isEqualTo(200);

            Head trailers = upstream.onlyRequest().trailers();
            assertThat(trailers.has("x_sum")).isFalse();
            assertThat(trailers.one("x-sum")).isEqualTo("43");
        }
    }
}
