package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.config.ConfigException;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.balancer.live.ReloadOutcome;
import dev.pointsman.balancer.live.ReloadOutcome.ReloadKind;
import dev.pointsman.balancer.testkit.ReloadableBalancer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The access log of a whole balancer, switched by reloads of its file. */
class AccessLogReloadTest {
    @TempDir
    private Path folder = Path.of(".");

    @RegisterExtension
    private final ReloadableBalancer balancer = new ReloadableBalancer(() -> folder, "/", "");

    private Path file(String name) {
        return folder.resolve(name);
    }

    private ReloadOutcome reload(String settings) throws Exception {
        balancer.write("/", settings);
        return balancer.reload();
    }

    private void request(String path) {
        assertThat(balancer.client().get(path).status()).isEqualTo(200);
    }

    private String log(String name) {
        return "access-log: " + file(name) + "\naccess-log-format: \"{path} {status}\"\n";
    }

    @Test
    void it_is_switched_on_in_its_form_to_another_file_and_off_and_no_line_is_lost() throws Exception {
        request("/1");
        assertThat(reload(log("a")).kind()).isEqualTo(ReloadKind.APPLIED);
        request("/2");
        assertThat(reload(log("a").replace("{path}", "now {path}")).kind()).isEqualTo(ReloadKind.APPLIED);
        request("/3");
        assertThat(reload(log("b")).kind()).isEqualTo(ReloadKind.APPLIED);
        request("/4");
        assertThat(reload("").kind()).isEqualTo(ReloadKind.APPLIED);
        request("/5");
        assertThat(reload(log("a")).kind()).isEqualTo(ReloadKind.APPLIED);
        request("/6");
        balancer.stop();

        assertThat(Files.readAllLines(file("a"))).containsExactly("/2 200", "now /3 200", "/6 200");
        assertThat(Files.readAllLines(file("b"))).containsExactly("/4 200");
    }

    @Test
    void all_lines_are_there_when_it_has_stopped() throws Exception {
        reload(log("a"));
        for (int i = 0; i < 200; i++) {
            request("/" + i);
        }
        balancer.stop();

        assertThat(Files.readAllLines(file("a"))).hasSize(200);
    }

    @Test
    void a_file_that_cannot_be_opened_is_refused_and_the_one_before_goes_on() throws Exception {
        reload(log("a"));

        ReloadOutcome outcome = reload(log("missing/b"));

        assertThat(outcome.kind()).isEqualTo(ReloadKind.REFUSED);
        assertThat(Objects.requireNonNull(outcome.state().refused()).problems())
                .singleElement()
                .asString()
                .contains("balancer.yaml:")
                .contains("access-log")
                .contains("missing/b")
                .contains("(expected: a file that can be written");
        request("/1");
        balancer.stop();
        assertThat(Files.readAllLines(file("a"))).containsExactly("/1 200");
    }

    @Test
    void a_renamed_file_is_left_when_the_logs_are_opened_anew() throws Exception {
        reload(log("a"));
        request("/1");
        Files.move(file("a"), file("a.1"));
        balancer.reopenLogs();
        request("/2");
        balancer.stop();

        assertThat(Files.readAllLines(file("a"))).contains("/2 200");
        // The first may have been written before or after: not twice, and not never.
        assertThat(Files.readString(file("a.1")) + Files.readString(file("a"))).isEqualTo("/1 200\n/2 200\n");
    }

    static boolean hasFullDevice() {
        return Files.isWritable(Path.of("/dev/full"));
    }

    @Test
    @EnabledIf("hasFullDevice")
    void writes_that_fail_are_counted_on_the_page_of_metrics() throws Exception {
        reload(log("a"));
        Files.delete(file("a"));
        Files.createSymbolicLink(file("a"), Path.of("/dev/full"));
        balancer.reopenLogs();

        request("/1");

        await().untilAsserted(() -> assertThat(balancer.admin().get("/metrics").body())
                .containsPattern("pointsman_access_log_write_failures_total [1-9]"));
    }

    @Test
    void a_start_with_a_file_that_cannot_be_opened_fails_in_a_sentence() throws Exception {
        balancer.write("/", log("missing/b"));

        assertThatThrownBy(balancer.source()::readOrThrow)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("missing/b");
    }

    @Test
    void a_file_that_is_gone_between_the_look_and_the_opening_fails_the_start_in_a_sentence() throws Exception {
        Files.createDirectory(file("gone"));
        balancer.write("/", log("gone/b"));
        ReadConfig read = balancer.source().readOrThrow();
        Files.delete(file("gone"));

        assertThatThrownBy(() -> Balancer.create(read.config(), balancer.source())
                        .begin()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(StartException.class)
                .hasMessageContaining("access-log: " + file("gone/b") + " cannot be opened")
                .hasMessageContaining("--access-log");
    }
}
