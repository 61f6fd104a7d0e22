package dev.pointsman.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pointsman.registry.ServiceRegistration;
import dev.pointsman.registry.consul.ConsulAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentOptionsTest {
    private static final AgentOptions LOCAL = AgentOptions.of("greeter", null, Map.of());
    private static final AgentOptions REMOTE = LOCAL.withConsul(ConsulAddress.of("consul.example.com", 8500));

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "-a", "a/b", "ä", "a\n"})
    void a_type_that_is_no_good_name_is_refused_with_what_was_expected(String type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LOCAL.withType(type))
                .withMessageStartingWith("type: " + type + " (expected:");
    }

    @Test
    void what_cannot_be_registered_or_served_is_refused_when_it_is_set() {
        List<ThrowingCallable> bad = List.of(
                () -> LOCAL.withTags(List.of(" ")),
                () -> LOCAL.withTags(List.of("a\nb")),
                () -> LOCAL.withMeta("a key", "x"),
                () -> LOCAL.withMeta("key", "x".repeat(513)),
                () -> LOCAL.withVersion("x".repeat(513)),
                () -> LOCAL.withHealthPath("health"),
                () -> LOCAL.withHealthPath("/health?x"),
                () -> LOCAL.withHost("http://h"),
                () -> LOCAL.withHost("[::1]"),
                () -> LOCAL.withAdvertise("0.0.0.0"),
                () -> LOCAL.withAdvertise("::"),
                () -> LOCAL.withCheck(Duration.ZERO, Duration.ofSeconds(1)),
                () -> LOCAL.withCheck(Duration.ofSeconds(1), Duration.ofSeconds(-1)),
                () -> LOCAL.withDrain(Duration.ofMillis(-1)),
                () -> LOCAL.withPort(65_536),
                () -> LOCAL.withPort(-1));
        assertThat(bad)
                .allSatisfy(call ->
                        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining("(expected: "));
    }

    @ParameterizedTest
    @CsvSource({"8000-8999,8000,8999", "8000,8000,8000", "0,0,0", "1-65535,1,65535"})
    void port_ranges_are_read(String text, int first, int last) {
        assertThat(PortRange.parse(text)).isEqualTo(new PortRange(first, last));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "8-", "-8", "9-8", "0-10", "1-65536", "1-2-3", "999999"})
    void other_port_ranges_are_refused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PortRange.parse(text))
                .withMessageContaining(text)
                .withMessageContaining("(expected: ");
    }

    @Test
    void with_the_registry_on_loopback_only_this_machine_is_served() {
        assertThat(MachineAddress.listenOn(LOCAL)).isEqualTo("127.0.0.1");
        assertThat(advertised(LOCAL)).isEqualTo("127.0.0.1");
    }

    @Test
    void with_the_registry_elsewhere_everybody_is_served_at_the_machines_address() {
        assertThat(MachineAddress.listenOn(REMOTE)).isEqualTo("0.0.0.0");
        assertThat(advertised(REMOTE)).isEqualTo("10.9.8.7");
    }

    @Test
    void of_several_addresses_the_one_counts_from_which_the_registry_is_reached() {
        String own = MachineAddress.firstIpv4().orElseThrow();

        // Of all that this machine reaches, it reaches itself alone from each of its addresses.
        assertThat(MachineAddress.towards(own, 8500)).contains(own);
        assertThat(MachineAddress.towards("127.0.0.1", 8500)).isEmpty();
        assertThat(MachineAddress.towards("no.such.host.invalid", 8500)).isEmpty();
    }

    @Test
    void one_certain_address_to_listen_on_is_also_the_one_to_advertise() {
        assertThat(advertised(REMOTE.withHost("10.1.1.1"))).isEqualTo("10.1.1.1");
        assertThat(advertised(LOCAL.withHost("10.1.1.1"))).isEqualTo("10.1.1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "0:0:0:0:0:0:0:0"})
    void a_wildcard_is_never_advertised(String wildcard) {
        assertThat(advertised(LOCAL.withHost(wildcard))).isEqualTo("127.0.0.1");
        assertThat(advertised(REMOTE.withHost(wildcard))).isEqualTo("10.9.8.7");
    }

    @Test
    void what_one_is_told_to_advertise_wins_and_the_environment_can_tell() {
        Map<String, String> environment = Map.of("POINTSMAN_ADVERTISE", " svc.example.com ");
        AgentOptions told = AgentOptions.of("greeter", null, environment).withHost("10.1.1.1");
        assertThat(advertised(told)).isEqualTo("svc.example.com");
        assertThat(advertised(told.withAdvertise("10.2.2.2"))).isEqualTo("10.2.2.2");
    }

    @Test
    void the_registry_is_told_what_an_operator_wants_to_know() {
        ServiceRegistration facts = RegistrationFormat.of(
                LOCAL.withTags(List.of("v2", "greeter")).withMeta("zone", "a").withVersion("1.4"),
                "10.0.0.1",
                8123,
                77,
                Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(facts.id()).isEqualTo("greeter-10.0.0.1-8123");
        assertThat(facts.name()).isEqualTo("greeter");
        assertThat(facts.tags()).containsExactly("greeter", "v2");
        assertThat(facts.meta())
                .isEqualTo(Map.of("zone", "a", "version", "1.4", "pid", "77", "started", "2026-01-02T03:04:05Z"));
        assertThat(facts.check()).extracting("url").isEqualTo("http://10.0.0.1:8123/health");
    }

    @Test
    void an_ipv6_address_has_its_brackets_in_the_url_and_none_in_the_id() {
        ServiceRegistration facts = RegistrationFormat.of(LOCAL, "fd00::7", 8123, 77, Instant.EPOCH);
        assertThat(facts.id()).isEqualTo("greeter-fd00--7-8123");
        assertThat(facts.address()).isEqualTo("fd00::7");
        assertThat(facts.check()).extracting("url").isEqualTo("http://[fd00::7]:8123/health");
    }

    private static String advertised(AgentOptions options) {
        return MachineAddress.advertised(options, () -> Optional.of("10.9.8.7"));
    }
}
