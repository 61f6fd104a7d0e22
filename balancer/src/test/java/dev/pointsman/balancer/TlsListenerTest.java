package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.balancer.testkit.Wire;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A balancer with a port in clear text and one with TLS, as curl sees it. */
@NeedsPrograms(
        value = {"openssl", "curl"},
        debianPackage = "openssl curl")
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"jdk", "auto"})
class TlsListenerTest {
    @TempDir
    static Path made;

    @RegisterExtension
    final TestBalancer balancer = new TestBalancer();

    @TempDir
    Path folder;

    private final String engine;

    TlsListenerTest(String engine) {
        this.engine = engine;
    }

    @BeforeAll
    static void make() {
        TestAuthority authority = TestAuthority.in(made, "ca");
        authority.issue("old", "/CN=old", "localhost");
        authority.issue("new", "/CN=new", "localhost");
        authority.issue("alice", "/O=Shop/CN=alice");
    }

    @BeforeEach
    void certificate() throws Exception {
        put("old");
    }

    private void put(String name) throws Exception {
        Path next = folder.resolve("next");
        Files.writeString(
                next, Files.readString(made.resolve(name + ".crt")) + Files.readString(made.resolve(name + ".key")));
        Files.move(
                next, folder.resolve("one.pem"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void start(String... more) throws Exception {
        balancer.instance(
                "a",
                (request, wire) -> wire.respond(
                        200,
                        "proto=" + request.head().one("X-Forwarded-Proto") + " subject="
                                + request.head().all("X-Client-Cert-Subject")
                                + request.head().all("X_Client-Cert_Subject") + " body="
                                + request.body().length()));
        List<String> flags = new ArrayList<>(
                List.of("listen=127.0.0.1:0", "listen=127.0.0.1:0;tls", "tls-dir=" + folder, "tls-engine=" + engine));
        flags.addAll(List.of(more));
        balancer.start(flags.toArray(String[]::new));
    }

    @Test
    void an_instance_is_told_by_which_scheme_a_request_came() throws Exception {
        start();

        assertThat(curl("https", "/")).contains("proto=https");
        assertThat(curl("http", "/")).contains("proto=http ");
    }

    @Test
    void bodies_of_some_size_pass_both_ways() throws Exception {
        start();
        Path body = Files.write(folder.resolve("body"), new byte[300_000]);

        assertThat(curl("https", "/", "--data-binary", "@" + body)).contains("body=300000");
    }

    @Test
    void the_subject_of_a_client_reaches_the_instance_and_no_client_can_set_it() throws Exception {
        start("client-ca=" + made.resolve("ca.crt"), "client-auth=asked", "trusted-proxies=127.0.0.0/8");
        String[] forged = {"-H", "X-Client-Cert-Subject: CN=root", "-H", "X_Client-Cert_Subject: CN=root"};

        assertThat(curl("https", "/", forged)).contains("subject=[][]");
        assertThat(curl("http", "/", forged)).contains("subject=[][]");
        assertThat(curl(
                        "https",
                        "/",
                        with(forged, "--cert", made.resolve("alice.crt"), "--key", made.resolve("alice.key"))))
                .contains("subject=[CN=alice,O=Shop][]");
    }

    @Test
    void clear_text_is_sent_to_https_but_for_challenges_and_what_a_trusted_proxy_got_by_it() throws Exception {
        start("redirect-to-https=8443", "trusted-proxies=127.0.0.0/8");

        assertThat(curl("http", "/a?b=c", "-d", "x"))
                .startsWith("HTTP/1.1 308 Permanent Redirect\r\n")
                .containsIgnoringCase("\r\nlocation: https://localhost:8443/a?b=c\r\n");
        assertThat(curl("http", "/.well-known/acme-challenge/token")).contains("proto=http ");
        assertThat(curl("http", "/", "-H", "X-Forwarded-Proto: https")).contains("proto=https");
        assertThat(curl("https", "/")).contains("proto=https");
    }

    @Test
    void browsers_are_told_to_come_by_tls_on_tls_alone() throws Exception {
        start("hsts=600");

        assertThat(curl("https", "/")).containsIgnoringCase("\r\nstrict-transport-security: max-age=600\r\n");
        assertThat(curl("http", "/")).doesNotContainIgnoringCase("strict-transport");
    }

    @Test
    void a_certificate_whose_file_is_replaced_is_followed() throws Exception {
        start();
        assertThat(curl("https", "/", "-v")).contains("subject: CN=old");

        put("new");

        await().untilAsserted(() -> assertThat(curl("https", "/", "-v")).contains("subject: CN=new"));
        Files.writeString(folder.resolve("one.pem"), "nothing");
        await().untilAsserted(() -> assertThat(curl("https", "/", "-v")).contains("subject: CN=new"));
    }

    @Test
    void metrics_count_handshakes_and_tell_when_a_certificate_ends() throws Exception {
        start();
        curl("https", "/");
        try (Wire wire = Wire.to(balancer.ports().get(1))) {
            wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(wire.readToEnd()).contains("400 this port speaks TLS: come by https");
        }

        assertThat(balancer.admin().get("/metrics").body())
                .contains("pointsman_tls_handshakes_total 1.0")
                .contains("pointsman_tls_handshake_failures_total{reason=\"not-tls\"} 1.0")
                .containsPattern(
                        "pointsman_tls_certificate_expiry_timestamp_seconds\\{file=\"[^\"]*one.pem\"} 1\\.\\d+E9");
    }

    @Test
    void tls_on_the_port_for_clear_text_is_refused() throws Exception {
        start();

        assertThat(curl("https", 0, "/")).contains("wrong version number");
    }

    private static String[] with(String[] some, Object... more) {
        List<String> all = new ArrayList<>(List.of(some));
        for (Object each : more) {
            all.add(each.toString());
        }
        return all.toArray(String[]::new);
    }

    private String curl(String scheme, String path, String... more) throws Exception {
        return curl(scheme, scheme.equals("https") ? 1 : 0, path, more);
    }

    private String curl(String scheme, int listener, String path, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "-sS",
                "-i",
                "--max-time",
                "10",
                "--cacert",
                made.resolve("ca.crt").toString(),
                scheme + "://localhost:" + balancer.ports().get(listener) + path));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
