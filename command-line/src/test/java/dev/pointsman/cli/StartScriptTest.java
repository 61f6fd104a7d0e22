package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.run.RealLauncher;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The script at the front door beside the commands behind it. */
class StartScriptTest {
    private static final Path SCRIPT = Path.of("..", "pointsman");

    @Test
    void the_words_of_pm2_that_are_none_here_lead_to_the_table_of_them() throws Exception {
        Process process = new ProcessBuilder(SCRIPT.toString(), "startOrReload", "ecosystem.json")
                .redirectErrorStream(true)
                .start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("pointsman: 'startOrReload' is PM2's (docs/pm2.md has what there is in its place)\n");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    @Test
    void it_takes_and_names_every_command_that_there_is() throws IOException {
        List<String> lines = Files.readAllLines(SCRIPT);
        List<String> taken = lines.stream()
                .filter(line -> line.matches("    [-a-zA-Z| ]+\\).*"))
                .flatMap(line ->
                        Arrays.stream(line.substring(0, line.indexOf(')')).split("\\|")))
                .map(String::strip)
                .toList();
        String text = String.join("\n", lines);
        String usage = text.substring(text.indexOf("Usage: "), text.indexOf("\nEOF"));
        String expected = text.substring(text.indexOf("(expected one of: demo"));

        PointsmanCommand pointsman =
                new PointsmanCommand(Map.of(), new RealLauncher(), new PrintWriter(Writer.nullWriter()));
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        // Without their other names.
        List<String> commands = Main.commandLine(pointsman, "", nowhere, nowhere).getSubcommands().values().stream()
                .map(CommandLine::getCommandName)
                .distinct()
                .toList();
        assertThat(commands).isNotEmpty().allSatisfy(name -> {
            assertThat(taken).contains(name);
            assertThat(usage).containsPattern("(^|[\\s,])" + name + "\\b");
            assertThat(expected).containsPattern("\\b" + name + "\\b");
        });
    }

    @Test
    void a_checkout_that_cannot_be_written_is_told_so(@TempDir Path folder) throws Exception {
        Path script = checkout(folder);
        // Root may write everywhere, but not into a file's folder.
        Files.createFile(folder.resolve("target"));

        Process list = start(folder, "bash", script.toString(), "list");

        assertThat(list.waitFor()).isEqualTo(1);
        assertThat(list.errorReader().lines())
                .singleElement()
                .asString()
                .startsWith("pointsman: " + folder.toRealPath()
                        + "/target cannot be written, and Pointsman is not built here")
                .contains("(expected: ");
    }

    @Test
    void a_first_build_that_cannot_download_is_told_what_it_needs(@TempDir Path folder) throws Exception {
        Path script = checkout(folder);
        program(folder, "mvn", "echo '[ERROR] Could not transfer artifact a:b:pom:1 from/to central'; exit 1");

        Process list = start(folder, "bash", script.toString(), "list");

        assertThat(list.waitFor()).isEqualTo(1);
        assertThat(list.errorReader().lines().toList())
                .last()
                .asString()
                .startsWith("pointsman: Maven could not download what it needs (expected: a network, or a mirror")
                .endsWith(folder.toRealPath() + "/target/first-build.log");
    }

    @Test
    void a_build_that_was_stopped_while_it_wrote_is_done_anew_from_the_sources(@TempDir Path folder) throws Exception {
        Path script = checkout(folder);
        Files.createFile(folder.resolve("pom.xml"));
        program(folder, "mvn", """
                name=$(echo "$@" | tr ' ' '\\n' | sed -n 's/^-Djar.name=//p')
                cd command-line && mkdir -p target/classes && ls target >>../found
                echo half >target/pointsman-1.0.jar
                echo half >"target/${name:-pointsman.jar}"
                exit 143
                """);

        for (int i = 0; i < 2; i++) {
            assertThat(start(folder, "bash", script.toString(), "list").waitFor())
                    .isEqualTo(1);
        }

        assertThat(Files.readAllLines(folder.resolve("found")))
                .containsExactly("classes", "classes", "pointsman.jar.made");
    }

    /** As much of one as the script looks at before it builds. */
    private static Path checkout(Path folder) throws IOException {
        Path script = folder.resolve("pointsman");
        Files.copy(SCRIPT, script);
        Files.copy(
                Path.of("first-build.sh"),
                Files.createDirectory(folder.resolve("command-line")).resolve("first-build.sh"));
        program(folder, "java", "echo 'openjdk version \"17.0.1\"' >&2");
        program(folder, "javac", "exit 1");
        return script;
    }

    private static void program(Path folder, String name, String line) throws IOException {
        Path file = Files.createDirectories(folder.resolve("jdk/bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static Process start(Path folder, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().merge("PATH", folder.resolve("jdk/bin").toString(), (path, own) -> own + ":" + path);
        return builder.start();
    }

    @ParameterizedTest
    @CsvSource({"1>&-, 1, r", "0<&-, 0, r", "2>&-, 2, w"})
    void a_stream_that_is_closed_is_not_taken_by_the_next_file_that_java_opens(
            String closed, int stream, String mode, @TempDir Path folder) throws Exception {
        Path script = Files.createDirectory(folder.resolve("bin")).resolve("pointsman");
        Files.copy(SCRIPT, script);
        Files.createFile(Files.createDirectory(folder.resolve("lib")).resolve("pointsman.jar"));
        program(folder, "java", """
                [ "$1" = -version ] && { echo 'openjdk version "17.0.1"' >&2; exit; }
                file=$(readlink /proc/$$/fd/%d)
                flags=$(grep flags /proc/$$/fdinfo/%d)
                printf '%%s\\n' "$file" "$flags" >"%s/stream"
                """.formatted(stream, stream, folder));

        Process version = start(folder, "sh", "-c", "exec bash \"$0\" --version " + closed, script.toString());

        assertThat(version.waitFor()).isZero();

        assertThat(Files.readAllLines(folder.resolve("stream")))
                .satisfiesExactly(file -> assertThat(file).isEqualTo("/dev/null"), flags -> assertThat(flags)
                        .endsWith(mode.equals("r") ? "0" : "1"));
    }
}
