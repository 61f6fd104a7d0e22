package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.launcher.plan.InstanceOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path home;

    @Test
    void a_unit_starts_waits_reloads_and_stops_as_the_launcher_does() {
        SystemdUnit unit = new SystemdUnit(
                "api-service",
                "/usr/bin:/opt/node/bin",
                Path.of("/srv/my app"),
                List.of("/usr/bin/java", "-jar", "/opt/launcher.jar"),
                List.of("run", "--type", "api-service", "--", "node", "app.js", "a b", "50%", "$x", "\"q\""),
                List.of(InstanceOptions.DEFAULT),
                false);

        assertThat(String.join("\n", unit.lines())).isEqualTo("""
                [Unit]
                Description=Pointsman launcher: api-service
                Wants=network-online.target
                After=network-online.target

                [Service]
                # Up when every instance is well and registered, which the launcher says by systemd-notify.
                Type=notify
                NotifyAccess=all
                Environment="PATH=/usr/bin:/opt/node/bin"
                WorkingDirectory=/srv/my app
                ExecStart=/usr/bin/java -jar /opt/launcher.jar run --type api-service -- node app.js "a b" 50%% $$x "\\"q\\""
                # Without a gap, and done when it has returned.
                ExecReload=/usr/bin/java -jar /opt/launcher.jar reload --all --launcher $MAINPID
                Restart=on-failure
                RestartSec=1s
                # 2: the options or the file are wrong, and will be the next time too.
                RestartPreventExitStatus=2
                # The launcher stops its instances itself; systemd ends what is left after the time-out.
                KillMode=mixed
                TimeoutStartSec=60s
                TimeoutStopSec=71s

                [Install]
                WantedBy=multi-user.target""");
    }

    @Test
    void the_command_passes_on_what_it_was_given_with_the_files_whole_path() throws Exception {
        Path file = Files.writeString(home.resolve("services.yaml"), "services: {a: {command: sh, start-timeout: 5m}}");
        Terminal terminal = new Terminal(home);

        assertThat(terminal.type("systemd", "--user", "--file=" + file, "--instances", "2"))
                .isZero();

        assertThat(terminal.out())
                .contains(" run --file=" + file + " --instances 2\n")
                .contains("Description=Pointsman launcher: a\n")
                .contains("TimeoutStartSec=330s\n")
                .contains("WantedBy=default.target\n")
                .doesNotContain("network-online")
                .containsPattern("ExecStart=/\\S+/bin/java ");
    }

    @Test
    void no_unit_is_printed_for_what_could_not_be_run() {
        Terminal terminal = new Terminal(home);

        assertThat(terminal.type("systemd", "--type", "a", "--instances", "x", "--", "no-such-program"))
                .isEqualTo(2);

        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).contains("--instances: \"x\"").contains("\"no-such-program\"");
    }
}
