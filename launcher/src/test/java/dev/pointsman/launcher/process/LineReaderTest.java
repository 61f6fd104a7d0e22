package dev.pointsman.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private final List<String> lines = new ArrayList<>();

    @Test
    void lines_come_without_their_ends_and_the_last_one_needs_none() {
        read("one\ntwo\r\n\nthree");
        assertThat(lines).containsExactly("one", "two", "", "three");
    }

    @Test
    void letters_of_several_bytes_survive() {
        read("Grüße, 世界\n");
        assertThat(lines).containsExactly("Grüße, 世界");
    }

    @Test
    void a_line_without_an_end_comes_in_pieces() {
        read("x".repeat(2 * LineReader.LONGEST + 1));
        assertThat(lines).extracting(String::length).containsExactly(LineReader.LONGEST, LineReader.LONGEST, 1);
    }

    @Test
    void what_came_before_the_output_broke_off_is_told() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("closed");
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                throw new IOException("closed");
            }
        };
        new LineReader(lines::add).read(new SequenceInputStream(stream("half"), broken));
        assertThat(lines).containsExactly("half");
    }

    private void read(String text) {
        new LineReader(lines::add).read(stream(text));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
