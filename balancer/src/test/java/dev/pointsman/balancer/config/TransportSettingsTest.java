package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.balancer.http.UpstreamProtocol;
import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.testkit.TestCertificates;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.settings.Setting;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority.Issued;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How instances are spoken to, as settings say it. */
class TransportSettingsTest {
    @TempDir
    private Path folder = Path.of(".");

    private static BalancerConfig read(String... settings) throws ConfigException {
        return ConfigReader.read(
                Arrays.stream(settings)
                        .map(each -> each.split("=", 2))
                        .map(parts -> Setting.flag(parts[0], parts[1]))
                        .toList(),
                Map.of());
    }

    private static UpstreamTransport transport(String... settings) throws ConfigException {
        return read(settings).routes().get(0).options().pool().transport();
    }

    @Test
    void instances_are_spoken_to_in_clear_text_unless_a_route_says_otherwise() throws Exception {
        assertThat(transport("route=/=svc")).isEqualTo(UpstreamTransport.PLAIN);
        assertThat(transport("route=/=svc;proto=https"))
                .isEqualTo(new UpstreamTransport(UpstreamProtocol.HTTPS, "", false));
        assertThat(transport("route=/=https://a;tls-skip-verify"))
                .isEqualTo(new UpstreamTransport(UpstreamProtocol.HTTPS, "", true));
    }

    @Test
    void of_several_targets_those_that_are_written_with_https_are_spoken_to_over_tls() throws Exception {
        Path file = Files.writeString(
                folder.resolve("split.yaml"),
                "route: {/: {split: [{to: \"https://a\", weight: 1}, {to: svc, weight: 1}]}}\n");

        assertThat(new ConfigSource(file, List.of(), Map.of())
                        .readOrThrow()
                        .config()
                        .routes()
                        .get(0)
                        .branches())
                .extracting(branch -> branch.options().pool().transport().protocol())
                .containsExactly(UpstreamProtocol.HTTPS, UpstreamProtocol.HTTP);
    }

    @Test
    void a_route_s_own_name_counts_before_the_one_for_all() throws Exception {
        assertThat(transport("upstream-server-name=all.internal", "route=/=svc;proto=https")
                        .nameFor("10.0.0.7"))
                .isEqualTo("all.internal");
        assertThat(transport("upstream-server-name=all.internal", "route=/=svc;proto=https;server-name=one.internal")
                        .nameFor("10.0.0.7"))
                .isEqualTo("one.internal");
        assertThat(transport("route=/=svc;proto=https").nameFor("10.0.0.7")).isEqualTo("10.0.0.7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "route=/=svc;server-name=a | --route: /: server-name: it has no effect in clear text (expected: proto beside"
                        + " it, such as https)",
                "route=/=svc;tls-skip-verify | --route: /: tls-skip-verify: it has no effect in clear text (expected: proto"
                        + " beside it, such as https)",
                "upstream-server-name=a:443 | --upstream-server-name: \"a:443\" (expected: the name of a host, or an IP"
                        + " address, without a port)",
                "upstream-cert=/nowhere.pem | --upstream-cert: alone (expected: both upstream-cert and upstream-key, or"
                        + " neither)",
                "upstream-ca=/nowhere.pem | --upstream-ca: /nowhere.pem: there is no such file (expected: a PEM file)"
            })
    void what_cannot_be_meant_is_said_in_one_sentence(String setting, String problem) {
        assertThatThrownBy(() -> read(setting))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .containsExactly(problem));
    }

    @Test
    @NeedsPrograms(value = "openssl", debianPackage = "openssl")
    void a_key_that_is_not_that_of_the_certificate_is_refused() throws Exception {
        TestCertificates certificates = new TestCertificates(folder);
        Issued one = certificates.named();
        Issued other = certificates.balancer();

        assertThatThrownBy(() -> read("upstream-cert=" + one.cert(), "upstream-key=" + other.key()))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .singleElement()
                        .asString()
                        .startsWith("--upstream-cert: " + one.cert() + ": not the certificate of the key in "));
        assertThat(read("upstream-cert=" + one.cert(), "upstream-key=" + one.key())
                        .upstreamTls())
                .isNotSameAs(UpstreamTls.OF_JDK);
    }
}
