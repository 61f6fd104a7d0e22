package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.run.RealLauncher;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
}
