package dev.pointsman.registry.consul;

import static dev.pointsman.registry.consul.Recorded.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Watch;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ConsulRegistryTlsTest {
    private static final String PASSWORD = "for-a-test-only";

    private static Path store = Path.of("");
    private static Path certificate = Path.of("");

    private final Vertx vertx = Vertx.vertx();
    private final RecordedViews views = new RecordedViews();
    private final ScriptedConsul consul = new ScriptedConsul(new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(new PfxOptions().setPath(store.toString()).setPassword(PASSWORD)));

    /** A certificate for the name localhost only. */
    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        store = folder.resolve("consul.p12");
        certificate = folder.resolve("consul.pem");
        keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=consul", "-ext", "san=dns:localhost");
        keytool("-exportcert", "-rfc", "-file", certificate.toString());
    }

    @BeforeEach
    void list() {
        consul.listService("api", 10, ScriptedConsul.instance("api", "a"));
    }

    private static void keytool(String command, String... more) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                command,
                "-alias",
                "consul",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        line.addAll(List.of(more));
        Process keytool = new ProcessBuilder(line).inheritIO().start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
    }

    @AfterEach
    void stop() {
        vertx.close().await();
        consul.close();
    }

    private ConsulRegistry registry(String host, @Nullable Path caCert, boolean verify) {
        return HurriedRegistry.withShortPauses(
                vertx,
                new ConsulAddress(
                        host, consul.address().port(), true, null, caCert, null, null, verify, null, null, null),
                ConsulWatchOptions.DEFAULT);
    }

    @Test
    void a_consul_whose_certificate_is_signed_by_the_given_authority_is_followed() {
        try (ConsulRegistry registry = registry("localhost", certificate, true)) {
            registry.watch("api", views);
            views.awaitIds("a");
        }
    }

    @Test
    void a_consul_with_an_unknown_certificate_is_not_believed() {
        try (ConsulRegistry registry = registry("localhost", null, true)) {
            assertUntrusted(registry);
        }
    }

    @Test
    void a_consul_with_a_certificate_for_another_name_is_not_believed() {
        try (ConsulRegistry registry = registry("127.0.0.1", certificate, true)) {
            assertUntrusted(registry);
        }
    }

    private void assertUntrusted(ConsulRegistry registry) {
        Watch watch = registry.watch("api", views);
        await().until(() -> watch.status().failures() >= 2);
        assertThat(watch.status().lastError()).containsAnyOf("certification path", "subject alternative");
        assertThat(views.all()).isEmpty();
    }

    @Test
    void any_certificate_will_do_when_verification_is_switched_off() {
        try (ConsulRegistry registry = registry("127.0.0.1", null, false)) {
            Watch watch = registry.watch("api", views);
            assertThat(watch.firstView()).succeedsWithin(Duration.ofSeconds(20));
        }
    }
}
