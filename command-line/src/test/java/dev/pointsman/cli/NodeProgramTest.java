package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pointsman.cli.run.CommandFailure;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ecosystem files that are programs, run by the node of this machine. */
class NodeProgramTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @BeforeEach
    void there_is_a_node() {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(each -> Files.isExecutable(Path.of(each, "node"))),
                "no node on the PATH");
    }

    private String json(String name, String program) throws Exception {
        return NodeProgram.json(Files.writeString(folder.resolve(name), program), folder);
    }

    @Test
    void both_kinds_of_modules_say_what_they_export() throws Exception {
        assertThat(json("a.cjs", "module.exports = {apps: []};")).isEqualTo("{\"apps\":[]}");
        assertThat(json("b.mjs", "export default {apps: []};")).isEqualTo("{\"apps\":[]}");
    }

    @Test
    void what_it_prints_on_the_way_is_not_taken_for_what_it_exports() throws Exception {
        // As dotenv does when it reads a file.
        assertThat(json("a.cjs", "console.log('injecting env (2) from .env'); module.exports = {apps: []};"))
                .isEqualTo("{\"apps\":[]}");
    }

    @Test
    void one_that_fails_says_why() {
        assertThatThrownBy(() -> json("a.cjs", "throw new Error('no such thing');"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("a.cjs: Error: no such thing");
    }
}
