package dev.pointsman.dist;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.dist.Installation.Ended;
import dev.pointsman.testkit.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive, unpacked by a user into a folder of its own. */
class ArchiveIT {
    private static final String JAVA_HOME = System.getProperty("java.home");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Installation installed;

    private final List<Process> running = new ArrayList<>();

    @BeforeEach
    void unpack() throws Exception {
        installed = Installation.unpacked(folder);
    }

    @AfterEach
    void stop() {
        running.forEach(Process::destroy);
        running.forEach(each -> await().until(() -> !each.isAlive()));
    }

    @Test
    void it_has_all_that_is_to_be_installed() throws Exception {
        List<String> files = files(installed.home());

        assertThat(files)
                .contains(
                        "bin/pointsman",
                        "lib/pointsman.jar",
                        "lib/native/linux-x86-64/libjnidispatch.so",
                        "lib/native/linux-aarch64/libjnidispatch.so",
                        "share/bash-completion/completions/pointsman",
                        "share/zsh/site-functions/_pointsman",
                        "share/fish/vendor_completions.d/pointsman.fish",
                        "share/man/man1/pointsman.1",
                        "share/man/man1/pointsman-balancer.1",
                        "systemd/pointsman-balancer.service",
                        "systemd/pointsman-balancer.socket",
                        "systemd/pointsman-launcher.service",
                        "systemd/pointsman-service@.service",
                        "examples/balancer.yaml",
                        "LICENSE",
                        "CHANGELOG.md",
                        "sbom.cdx.json");
        assertThat(Files.readString(installed.home().resolve("sbom.cdx.json")))
                .contains("\"bomFormat\" : \"CycloneDX\"", "\"pkg:maven/io.netty/netty-codec-http@", "/preact@");
    }

    @Test
    void it_names_version_revision_java_and_system_and_builds_nothing() throws Exception {
        Ended version = pointsman(Map.of(), "--version");

        assertThat(version.exitCode()).isZero();
        assertThat(version.output().lines().toList())
                .hasSize(3)
                .satisfiesExactly(
                        line -> assertThat(line).matches("pointsman \\S+, (revision [-0-9a-z.]+|unknown revision)"),
                        line -> assertThat(line).startsWith("Java " + System.getProperty("java.version") + " ("),
                        line -> assertThat(line).startsWith("Linux "));
        assertThat(pointsman(Map.of(), "-V")).isEqualTo(version);
    }

    @Test
    void a_balancer_and_a_service_run_from_it() throws Exception {
        String registry = "http://127.0.0.1:" + FreePorts.take();
        Path said = folder.resolve("balancer.txt");
        start(
                said,
                "balancer",
                "--dev",
                "--consul",
                registry,
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--admin",
                "127.0.0.1:0");
        await().atMost(Duration.ofMinutes(2)).until(() -> Files.readString(said).contains("is ready"));
        Matcher clients = Pattern.compile("clients +http://[^:]+:(\\d+)").matcher(Files.readString(said));
        assertThat(clients.find()).isTrue();
        running.add(Installation.start(
                folder,
                Map.of("CONSUL_HTTP_ADDR", registry, "JAVA_HOME", JAVA_HOME),
                folder.resolve("service.txt"),
                List.of(installed.script(), "service", "webapp-service")));

        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + clients.group(1) + "/"))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(
                        client.send(request, BodyHandlers.ofString()).body())
                .startsWith("webapp-service response from "));
        assertThat(files(installed.home().resolve("lib"))).anyMatch(file -> file.matches("balancer-\\d+-\\d+\\.jsa"));
    }

    @Test
    void it_runs_where_neither_its_folder_nor_the_cache_can_be_written() throws Exception {
        // A folder for root can be written whatever its mode is; a file in its place cannot be one.
        Path noFolder = Files.createFile(folder.resolve("no-folder"));
        Path lib = installed.home().resolve("lib");
        Files.setPosixFilePermissions(lib, PosixFilePermissions.fromString("r-xr-xr-x"));

        Ended list =
                pointsman(Map.of("XDG_CACHE_HOME", noFolder.toString(), "XDG_RUNTIME_DIR", folder.toString()), "list");

        assertThat(list.exitCode()).isZero();
        assertThat(list.output()).startsWith("nothing runs").hasLineCount(1);
    }

    @Test
    void without_java_or_with_an_old_one_it_says_so_in_a_sentence() throws Exception {
        Path old = folder.resolve("old");
        Path bin = Files.createDirectories(old.resolve("bin"));
        assertThat(pointsman(Map.of("JAVA_HOME", folder.resolve("none").toString()), "list"))
                .isEqualTo(new Ended(
                        1,
                        "pointsman: JAVA_HOME is " + folder.resolve("none")
                                + ", but there is no bin/java in it (expected: Java 17 or newer)\n"));

        program(bin.resolve("java"), "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");
        assertThat(pointsman(Map.of("JAVA_HOME", old.toString()), "list").output())
                .isEqualTo("pointsman: " + bin.resolve("java")
                        + " is version 11 (expected: 17 or newer; set JAVA_HOME to one)\n");

        program(bin.resolve("java"), "exit 1");
        assertThat(pointsman(Map.of("JAVA_HOME", old.toString()), "list").output())
                .isEqualTo("pointsman: " + bin.resolve("java")
                        + " does not tell its version (expected: Java 17 or newer)\n");
    }

    @Test
    void without_its_jar_it_says_what_is_missing() throws Exception {
        Path jar = installed.home().resolve("lib/pointsman.jar");
        Files.delete(jar);

        assertThat(pointsman(Map.of(), "list").output()).startsWith("pointsman: " + jar + " is missing");
    }

    @Test
    void a_unit_made_by_it_names_its_script_where_that_finds_the_same_java() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("java"), Path.of(JAVA_HOME, "bin", "java"));
        Map<String, String> environment = Map.of(
                "JAVA_HOME", "", "PATH", folder + ":" + System.getenv("PATH"), "XDG_RUNTIME_DIR", folder.toString());
        String[] command = {installed.script(), "systemd", "--type", "a", "--", "sh", "-c", "java"};

        assertThat(Installation.run(folder, environment, command).output())
                .contains("\nExecStart=" + installed.script() + " run --type a -- sh -c java\n")
                .contains("\nExecReload=" + installed.script() + " reload --all --launcher $MAINPID\n");

        Files.delete(link);
        assertThat(Installation.run(folder, Map.of("JAVA_HOME", JAVA_HOME), command)
                        .output())
                .contains("\nExecStart=" + JAVA_HOME + "/bin/java ");
    }

    @Test
    void its_script_may_be_called_by_a_link() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("p"), Path.of(installed.script()));

        Ended version = Installation.run(folder, Map.of("JAVA_HOME", JAVA_HOME), link.toString(), "--version");

        assertThat(version.output()).startsWith("pointsman ");
    }

    private Ended pointsman(Map<String, String> environment, String argument) throws Exception {
        Map<String, String> all = new HashMap<>(Map.of("JAVA_HOME", JAVA_HOME));
        all.putAll(environment);
        return Installation.run(folder, all, installed.script(), argument);
    }

    private void start(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(installed.script()));
        command.addAll(List.of(arguments));
        running.add(Installation.start(folder, Map.of("JAVA_HOME", JAVA_HOME), output, command));
    }

    private static void program(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + line + "\n", UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static List<String> files(Path top) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> top.relativize(file).toString())
                    .toList();
        }
    }
}
