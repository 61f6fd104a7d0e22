package dev.pointsman.launcher.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void lines_are_names_with_values() throws Exception {
        assertThat(read("""
                # the database
                ; and more
                DB=postgres://u:p#ss@h/x?a=b

                export TOKEN = no
                """.replace("TOKEN = no", "TOKEN= a b ")))
                .containsExactly(entry("DB", "postgres://u:p#ss@h/x?a=b"), entry("TOKEN", "a b"));
        assertThat(read("A=1\r\nEMPTY=\r\nA=2")).containsExactly(entry("A", "2"), entry("EMPTY", ""));
        assertThat(read("\uFEFFA=$HOME")).containsExactly(entry("A", "$HOME"));
        assertThat(read("")).isEmpty();
    }

    @Test
    void quotes_keep_blanks_and_lines_together() throws Exception {
        assertThat(read("""
                A=' x\\ "y" '   # a comment
                B="a \\"b\\" \\$c \\n"
                KEY="-----BEGIN-----
                  two
                -----END-----"
                C=it's {"j": 1}
                D=""
                """))
                .containsExactly(
                        entry("A", " x\\ \"y\" "),
                        entry("B", "a \"b\" $c \\n"),
                        entry("KEY", "-----BEGIN-----\n  two\n-----END-----"),
                        entry("C", "it's {\"j\": 1}"),
                        entry("D", ""));
    }

    @Test
    void everything_that_is_wrong_is_said_with_its_line_and_without_a_value() throws IOException {
        Path file = write(
                "A=1\nhunter2\n=hunter2\nPASS WORD=hunter2\nPORT=80\nB='hunter2' hunter2\nC=hunter2\\\nD=\"hunter2\n");

        assertThat(problems(file))
                .hasSize(7)
                .allSatisfy(each -> assertThat(each).startsWith(file + ":").doesNotContain("hunter2"))
                .contains(
                        file + ":2: no NAME=VALUE (what stands there is not shown, as it may be secret)",
                        file + ":5: PORT (expected: no PORT, as each instance is given its own)",
                        file + ":8: D: the quote stays open (expected: a closing \")");
    }

    @Test
    void what_is_no_such_file_is_refused() throws IOException {
        Path binary = Files.write(folder.resolve("binary"), "A=\u00e4".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(problems(folder.resolve("none"))).singleElement().asString().contains("there is no such file");
        assertThat(problems(folder)).singleElement().asString().contains("no regular file");
        assertThat(problems(binary)).singleElement().asString().contains("not UTF-8");
        assertThat(problems(write("A=a\0b")))
                .singleElement()
                .asString()
                .contains(":1: A")
                .contains("zero byte");
    }

    @Test
    void of_several_files_and_the_plan_itself_the_later_counts_more() throws Exception {
        Path one = write("A=1\nB=1\nC=1\n");
        Path two = Files.writeString(folder.resolve("two"), "B=2\nC=2\n");
        ServicePlan plan = ServicePlan.of("a", List.of("x"))
                .env(Map.of("C", "3"))
                .envFiles(List.of(one, two))
                .build();

        assertThat(EnvFile.variables(plan)).containsOnly(entry("A", "1"), entry("B", "2"), entry("C", "3"));

        Files.writeString(one, "A=changed\n");
        assertThat(EnvFile.variables(plan)).containsEntry("A", "changed");
    }

    @Test
    void a_file_that_all_may_read_is_known_as_such() throws IOException {
        Path file = write("A=1");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(EnvFile.isReadableByAll(file)).isTrue();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(EnvFile.isReadableByAll(file)).isFalse();
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("env"), text);
    }

    private Map<String, String> read(String text) throws Exception {
        return EnvFile.read(write(text));
    }

    private static List<String> problems(Path file) {
        return catchThrowableOfType(PlanException.class, () -> EnvFile.read(file))
                .problems();
    }
}
