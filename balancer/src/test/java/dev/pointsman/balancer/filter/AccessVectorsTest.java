package dev.pointsman.balancer.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.balancer.route.AccessRule;
import dev.pointsman.balancer.route.Network;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.settings.Setting;
import dev.pointsman.testkit.RoutingVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shared cases of who may use a route. The peer is this machine. */
class AccessVectorsTest {
    private static final String PEER = "127.0.0.1";

    static Stream<RoutingVector> ours() {
        return RoutingVector.of("access", "native");
    }

    @ParameterizedTest
    @MethodSource("ours")
    void ours_look_at_the_client_behind_trusted_proxies(RoutingVector vector) throws Exception {
        List<String> trusted = new ArrayList<>(List.of(PEER));
        vector.input().path("trusted").forEach(each -> trusted.add(each.asText()));
        String route = "/=svc" + option("allow", vector.input().path("allow"))
                + option("deny", vector.input().path("deny"));
        BalancerConfig config = ConfigReader.read(
                List.of(Setting.flag("route", route), Setting.flag("trusted-proxies", String.join(",", trusted))),
                Map.of());
        RouteFilters filters =
                Objects.requireNonNull(config.routes().get(0).options().filters());
        AccessRule rule = Objects.requireNonNull(filters.access());
        List<String> ways = List.of(vector.input().path("xff").asText());

        String client = config.trustedProxies().originOf(PEER, ways);

        assertThat(rule.allows(PEER, client, ways))
                .isEqualTo(vector.expected().path("allowed").asBoolean());
    }

    private static String option(String key, JsonNode networks) {
        List<String> each = new ArrayList<>();
        networks.forEach(network -> each.add(network.asText()));
        return each.isEmpty() ? "" : ";" + key + "=" + String.join(",", each);
    }

    static Stream<RoutingVector> fabios() {
        // Both on a route are no rule for fabio; who reads its options sees to that.
        return RoutingVector.of("access", "fabio")
                .filter(vector -> vector.input().path("allow").isEmpty()
                        || vector.input().path("deny").isEmpty());
    }

    @ParameterizedTest
    @MethodSource("fabios")
    void those_of_fabio_look_at_every_hop(RoutingVector vector) {
        AccessRule rule = new AccessRule(
                AccessRule.AddressMode.EVERY_HOP,
                networks(vector.input().path("allow")),
                networks(vector.input().path("deny")));
        List<String> ways = List.of(vector.input().path("xff").asText());

        assertThat(rule.allows(PEER, PEER, ways))
                .isEqualTo(vector.expected().path("allowed").asBoolean());
    }

    private static Network network(String text) {
        return Objects.requireNonNull(Network.parse(text));
    }

    private static List<Network> networks(JsonNode texts) {
        List<Network> networks = new ArrayList<>();
        texts.forEach(text -> networks.add(network(text.asText().substring("ip:".length()))));
        return networks;
    }

    @Test
    void an_address_that_cannot_be_read_is_refused_by_any_rule_of_ours() {
        AccessRule denies = new AccessRule(AccessRule.AddressMode.CLIENT, List.of(), List.of(network("192.0.2.0/24")));

        assertThat(denies.allows(PEER, "unknown", List.of())).isFalse();
        assertThat(denies.allows(PEER, "192.0.2.1:5000", List.of())).isFalse();
        assertThat(denies.allows(PEER, "198.51.100.1:5000", List.of())).isTrue();
        assertThat(denies.allows(PEER, "[::ffff:192.0.2.1]:80", List.of())).isFalse();
    }
}
