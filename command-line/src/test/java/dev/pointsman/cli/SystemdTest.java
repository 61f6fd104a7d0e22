package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.launcher.plan.InstanceOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
    void a_unit_has_the_folders_of_the_programs_that_its_commands_name_and_says_what_it_leaves_out() throws Exception {
        Path nvm = program("nvm/bin", "my-node");
        Path rest = program("cargo/bin", "my-cargo");
        Path shebang = program("py/bin", "my-python");
        Files.writeString(home.resolve("app"), "#!/usr/bin/env my-python\nimport x\n");
        assertThat(home.resolve("app").toFile().setExecutable(true)).isTrue();
        Path file = Files.writeString(
                home.resolve("services.yaml"),
                "services: {a: {command: [sh, -c, 'sleep 1; exec my-node app.js']}, b: ./app}");
        Terminal terminal = new Terminal(home);
        terminal.environment.put("PATH", nvm + ":.:/bin:" + rest + ":" + nvm + ":" + shebang);

        assertThat(terminal.type("systemd", "-f", file.toString())).isZero();

        assertThat(terminal.out())
                .contains("Environment=\"PATH=" + nvm + ":/bin:" + shebang
                        + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin\"\n");
        assertThat(terminal.err()).contains("left out of yours: .:" + rest + " (");
    }

    @Test
    void what_others_can_read_and_what_a_build_replaces_is_said_beside_the_unit() throws Exception {
        Path secrets = Files.writeString(home.resolve("secrets"), "TOKEN=hunter2");
        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-r--r--"));
        Terminal terminal = new Terminal(home);

        assertThat(terminal.type("systemd", "--type", "a", "--env-file", secrets.toString(), "--env=A=1", "--", "sh"))
                .isZero();

        assertThat(terminal.out()).contains(" --env-file " + secrets + " ").doesNotContain("hunter2");
        assertThat(terminal.err())
                .contains(secrets + " can be read by every user")
                .contains("the values of --env stand in the unit")
                .contains("which the next build replaces");

        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
        Terminal careful = new Terminal(home);
        assertThat(careful.type("systemd", "--type", "a", "--env-file", secrets.toString(), "--", "sh", "--env"))
                .isZero();
        assertThat(careful.err()).doesNotContain("every user");
    }

    private Path program(String folder, String name) throws IOException {
        Path bin = Files.createDirectories(home.resolve(folder));
        assertThat(Files.createFile(bin.resolve(name)).toFile().setExecutable(true))
                .isTrue();
        return bin;
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
