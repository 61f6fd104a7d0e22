package dev.pointsman.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void a_full_file_is_put_aside_and_the_oldest_goes() throws IOException {
        try (RotatingFile file = new RotatingFile(folder.resolve("x.log"), 10, 3)) {
            for (String text : new String[] {"aaaaaa\n", "bbbbbb\n", "cc\n", "dddddd\n", "eeeeee\n"}) {
                write(file, text);
            }
        }

        assertThat(folder.resolve("x.log")).hasContent("eeeeee\n");
        assertThat(folder.resolve("x.log.1")).hasContent("dddddd\n");
        assertThat(folder.resolve("x.log.2")).hasContent("bbbbbb\ncc\n");
        assertThat(folder.resolve("x.log.3")).doesNotExist();
    }

    @Test
    void what_was_there_before_is_kept_and_counts() throws IOException {
        Files.writeString(folder.resolve("x.log"), "12345678");
        try (RotatingFile file = new RotatingFile(folder.resolve("x.log"), 10, 2)) {
            write(file, "9\n");
            write(file, "new\n");
        }

        assertThat(folder.resolve("x.log.1")).hasContent("123456789\n");
        assertThat(folder.resolve("x.log")).hasContent("new\n");
    }

    @Test
    void one_file_alone_begins_anew() throws IOException {
        try (RotatingFile file = new RotatingFile(folder.resolve("x.log"), 4, 1)) {
            write(file, "one\n");
            write(file, "two\n");
        }

        assertThat(folder.resolve("x.log")).hasContent("two\n");
        assertThat(folder.resolve("x.log.1")).doesNotExist();
    }

    @Test
    void a_file_that_was_renamed_or_deleted_by_another_is_left_for_a_new_one() throws IOException {
        Path x = folder.resolve("x.log");
        try (RotatingFile file = new RotatingFile(x, 10, 3)) {
            write(file, "one\n");
            Files.move(x, folder.resolve("x.log-20260101"));
            write(file, "two\n");
            Files.delete(x);
            write(file, "three\n");
            write(file, "3\n");
        }

        assertThat(folder.resolve("x.log-20260101")).hasContent("one\n");
        assertThat(x).hasContent("three\n3\n");
    }

    @Test
    void a_file_in_whose_place_another_was_put_is_left_for_that_one() throws IOException {
        Path x = folder.resolve("x.log");
        try (RotatingFile file = new RotatingFile(x, 10, 3)) {
            write(file, "one\n");
            Files.move(x, folder.resolve("x.old"));
            Files.createFile(x);
            write(file, "two\n");
        }

        assertThat(folder.resolve("x.old")).hasContent("one\n");
        assertThat(x).hasContent("two\n");
    }

    @Test
    void a_file_that_was_truncated_is_not_full() throws IOException {
        Path x = folder.resolve("x.log");
        try (RotatingFile file = new RotatingFile(x, 10, 3)) {
            write(file, "12345678\n");
            Files.write(x, new byte[0]);
            write(file, "two\n");
        }

        assertThat(x).hasContent("two\n");
        assertThat(folder.resolve("x.log.1")).doesNotExist();
    }

    private static void write(RotatingFile file, String text) throws IOException {
        file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
