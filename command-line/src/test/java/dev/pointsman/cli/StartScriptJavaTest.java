package dev.pointsman.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the start script finds out which Java it would run. */
class StartScriptJavaTest {
    private Path folder = Path.of("");
    private Path script = Path.of("");

    private record Ran(int exitCode, String output) {}

    @BeforeEach
    void an_installation(@TempDir Path temp) throws IOException {
        folder = temp;
        Files.createDirectories(folder.resolve("lib"));
        Files.createFile(folder.resolve("lib/pointsman.jar"));
        script = folder.resolve("bin/pointsman");
        Files.createDirectories(folder.resolve("bin"));
        Files.copy(Path.of("..", "pointsman"), script);
    }

    /** A Java that says it was asked, what it answers to that, and that it ran. */
    private void java(@Nullable String release, String answer) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
        Path java = Files.writeString(bin.resolve("java"), """
                #!/bin/sh
                case $1 in -version) touch %s/asked; echo '%s' ;; *) echo "ran" ;; esac
                """.formatted(folder, answer));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (release != null) {
            Files.writeString(folder.resolve("jdk/release"), release);
        }
    }

    private Ran run() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "--version").redirectErrorStream(true);
        builder.environment().keySet().removeAll(Set.of("POINTSMAN_JAVA_OPTS", "CACHE_DIRECTORY"));
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), output);
    }

    @ParameterizedTest
    @CsvSource({"17.0.15", "21", "25.0.1", "17-ea"})
    void a_java_that_says_its_version_in_its_release_file_is_not_asked(String version) throws Exception {
        java("IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\nJAVA_VERSION_DATE=\"2025-04-15\"\n", "nothing");

        assertThat(run()).isEqualTo(new Ran(0, "ran\n"));
        assertThat(folder.resolve("asked")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"11.0.2, 11", "1.8.0_402, 8"})
    void one_that_is_too_old_is_refused(String version, String called) throws Exception {
        java("JAVA_VERSION=\"" + version + "\"\n", "nothing");

        assertThat(run())
                .isEqualTo(new Ran(
                        1,
                        "pointsman: " + folder + "/jdk/bin/java is version " + called
                                + " (expected: 17 or newer; set JAVA_HOME to one)\n"));
    }

    @ParameterizedTest
    @CsvSource({"openjdk version \"21.0.1\" 2023-10-17, 0, ran", "java version \"1.8.0_402\", 1, is version 8"})
    void one_without_such_a_file_is_asked(String answer, int exitCode, String said) throws Exception {
        java(null, answer);

        Ran ran = run();

        assertThat(ran.exitCode()).isEqualTo(exitCode);
        assertThat(ran.output()).contains(said);
        assertThat(folder.resolve("asked")).exists();
    }

    @Test
    void a_release_file_that_says_nothing_of_it_does_not_count() throws Exception {
        java("IMPLEMENTOR=\"X\"\n", "openjdk version \"17.0.1\"");

        assertThat(run()).isEqualTo(new Ran(0, "ran\n"));
    }

    @Test
    void one_that_does_not_tell_its_version_is_refused() throws Exception {
        java(null, "hello");

        assertThat(run())
                .isEqualTo(new Ran(
                        1,
                        "pointsman: " + folder
                                + "/jdk/bin/java does not tell its version (expected: Java 17 or newer)\n"));
    }
}
