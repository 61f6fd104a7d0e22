package dev.pointsman.launcher.log;

import static dev.pointsman.launcher.log.LogTesting.line;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private LogFiles files;

    @BeforeEach
    void open() throws IOException {
        files = new LogFiles(new LogSettings(folder, 400, 4));
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    @Test
    void lines_of_several_types_come_in_the_order_of_their_times() throws IOException {
        files.write(List.of(line(1, "web-1", "a"), line(3, "web-1", "c")));
        files.write(List.of(line(2, "api-1", "b"), line(4, "api-2", "d")));

        assertThat(last(null, 10)).containsExactly("a", "b", "c", "d");
        assertThat(last(null, 2)).containsExactly("c", "d");
    }

    @Test
    void a_type_or_an_instance_can_be_chosen() throws IOException {
        files.write(List.of(line(1, "web-1", "a"), line(2, "api-1", "b"), line(3, "api-2", "c")));

        assertThat(last("api", 10)).containsExactly("b", "c");
        assertThat(last("api-1", 10)).containsExactly("b");
        assertThat(last("nobody", 10)).isEmpty();
    }

    @Test
    void the_last_lines_reach_back_into_files_put_aside() throws IOException {
        writeOneByOne(0, 12);

        assertThat(last("api", 10)).containsExactlyElementsOf(numbers(2, 12));
    }

    @Test
    void what_comes_later_is_read_once_however_often_files_are_put_aside() throws IOException {
        files.write(List.of(line(1, "api-1", "before")));
        try (LogReader reader = new LogReader(List.of(folder), "api")) {
            assertThat(texts(reader.last(10))).containsExactly("before");
            assertThat(reader.more()).isEmpty();

            writeOneByOne(0, 2);
            assertThat(texts(reader.more())).containsExactlyElementsOf(numbers(0, 2));
            writeOneByOne(2, 20);
            assertThat(texts(reader.more())).containsExactlyElementsOf(numbers(2, 20));
            assertThat(reader.more()).isEmpty();
        }
    }

    @Test
    void a_file_that_another_program_moves_is_read_to_its_end_and_the_next_from_its_beginning() throws IOException {
        writeOneByOne(0, 10);
        try (LogReader reader = new LogReader(List.of(folder), "api")) {
            reader.last(10);
            for (int round = 0; round < 3; round++) {
                int first = 10 + 3 * round;
                writeOneByOne(first, first + 1);
                Files.move(folder.resolve("api.log"), folder.resolve("api.log-" + round));
                writeOneByOne(first + 1, first + 3);

                assertThat(texts(reader.more())).containsExactlyElementsOf(numbers(first, first + 3));
                assertThat(reader.more()).isEmpty();
            }
            Files.delete(folder.resolve("api.log"));
            writeOneByOne(19, 21);
            assertThat(texts(reader.more())).containsExactlyElementsOf(numbers(19, 21));
            Files.write(folder.resolve("api.log"), new byte[0]);
            assertThat(reader.more()).isEmpty();
            writeOneByOne(21, 22);
            assertThat(texts(reader.more())).containsExactlyElementsOf(numbers(21, 22));
        }
    }

    @Test
    void what_is_in_rotated_files_alone_is_shown_too() throws IOException {
        writeOneByOne(0, 3);
        Files.move(folder.resolve("api.log"), folder.resolve("api.log.1"));

        assertThat(last("api", 10)).containsExactlyElementsOf(numbers(0, 3));
    }

    @Test
    void a_folder_that_was_moved_away_is_made_again_and_still_belongs_to_one_launcher() throws IOException {
        folder = folder.resolve("logs");
        try (LogFiles mine = new LogFiles(LogSettings.in(folder))) {
            mine.write(List.of(line(1, "api-1", "one")));
            Files.move(folder, folder.resolveSibling("logs.old"));

            mine.write(List.of(line(2, "api-1", "two")));
            try (LogFiles second = new LogFiles(LogSettings.in(folder))) {
                second.write(List.of(line(3, "api-2", "three")));
            }
        }

        assertThat(last("api", 10)).containsExactly("two", "three");
        assertThat(folder.resolve("api+2.log")).exists();
    }

    @Test
    void lines_that_could_not_be_written_are_followed_by_those_that_can() throws IOException {
        Files.createDirectory(folder.resolve("api.log"));
        files.write(List.of(line(1, "api-1", "lost"), line(1, "web-1", "kept")));
        Files.delete(folder.resolve("api.log"));

        files.write(List.of(line(2, "api-1", "kept")));

        assertThat(last(null, 10)).containsExactly("kept", "kept");
    }

    @Test
    void a_type_that_begins_later_is_followed_too() throws IOException {
        try (LogReader reader = new LogReader(List.of(folder.resolve("none"), folder), null)) {
            assertThat(reader.last(10)).isEmpty();

            files.write(List.of(line(1, "api-1", "hello")));

            assertThat(texts(reader.more())).containsExactly("hello");
            assertThat(reader.types()).containsExactly("api");
        }
    }

    @Test
    void a_second_launcher_of_the_same_type_takes_a_file_of_its_own() throws IOException {
        try (LogFiles second = new LogFiles(LogSettings.in(folder))) {
            files.write(List.of(line(1, "api-1", "first"), line(3, "api-1", "third")));
            second.write(List.of(line(2, "api-2", "second")));
        }

        assertThat(folder.resolve("api+2.log")).exists();
        assertThat(last("api", 10)).containsExactly("first", "second", "third");
    }

    @Test
    void a_line_may_hold_anything_but_its_end() throws IOException {
        files.write(List.of(
                line(1, "api-1", ""), line(2, "api-1", "  grüße  \u001b[1m"), line(3, "api-1", "x".repeat(100))));

        assertThat(last("api", 3)).containsExactly("", "  grüße  \u001b[1m", "x".repeat(100));
    }

    @Test
    void a_line_without_end_is_cut() {
        LogLine cut = line(1, "api-1", "x".repeat(LogLine.LONGEST + 7));

        assertThat(cut.text()).hasSizeLessThan(LogLine.LONGEST + 50).endsWith("x [7 more characters]");
    }

    /** Files of 400 bytes hold seven of these at most; four files are kept. */
    private void writeOneByOne(int from, int to) {
        for (int i = from; i < to; i++) {
            files.write(List.of(line(i, "api-1", "number " + i)));
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "number " + i).toList();
    }

    private List<String> last(@Nullable String which, int most) throws IOException {
        try (LogReader reader = new LogReader(List.of(folder), which)) {
            return texts(reader.last(most));
        }
    }

    private static List<String> texts(List<LogLine> lines) {
        return lines.stream().map(LogLine::text).toList();
    }
}
