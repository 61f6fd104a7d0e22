package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wrong files and what is said about each, in {@code wrong-configs.txt}: a file's lines, then behind {@code =>} each
 * message without the file's name, then a line of dashes. A {@code \t} stands for a tab.
 */
class WrongConfigsTest {
    private static final String MESSAGE = "=> ";

    @TempDir
    private Path folder = Path.of(".");

    static Stream<Arguments> cases() throws IOException {
        String all;
        try (InputStream in = WrongConfigsTest.class.getResourceAsStream("/wrong-configs.txt")) {
            all = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        List<Arguments> cases = new ArrayList<>();
        for (String block : all.split("(?m)^----+\n", -1)) {
            List<String> lines = block.lines().toList();
            String text = String.join(
                    "\n",
                    lines.stream().filter(line -> !line.startsWith(MESSAGE)).toList());
            List<String> messages = lines.stream()
                    .filter(line -> line.startsWith(MESSAGE))
                    .map(line -> line.substring(MESSAGE.length()))
                    .toList();
            cases.add(Arguments.of(text.replace("\\t", "\t") + "\n", messages));
        }
        assertThat(cases).hasSizeGreaterThanOrEqualTo(100);
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void each_mistake_has_its_message(String text, List<String> messages) throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), text);
        ConfigReading reading = new ConfigSource(file, List.of(), Map.of()).read();

        assertThat(reading).isInstanceOf(RefusedConfig.class);
        assertThat(((RefusedConfig) reading).problems())
                .map(problem -> problem.replace(file + ":", ""))
                .map(problem -> problem.replace(folder + "/", ""))
                .containsExactlyInAnyOrderElementsOf(messages);
    }
}
