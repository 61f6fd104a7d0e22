package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words as bash itself reads them. */
class ShellWordTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "--port={port}",
                "",
                "two words",
                "it's",
                "{a,b}",
                "$HOME",
                "`id`",
                "~",
                "#",
                "a\\b",
                "!",
                "*"
            })
    void a_shell_reads_what_was_meant(String word) throws Exception {
        Process bash = new ProcessBuilder("bash", "-c", "printf %s " + ShellWord.of(word)).start();

        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(word);
    }
}
