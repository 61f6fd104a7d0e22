package dev.pointsman.balancer.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where messages end. */
class MessageReaderTest {
    private static final String COUNTED = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nVia: x\r\n\r\nhello";
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    private static final String BARE = "GET /0 HTTP/1.1\r\nHost: x\r\n\r\n";

    @ParameterizedTest
    @ValueSource(strings = {COUNTED, CHUNKED, BARE})
    void a_message_is_read_to_its_end_and_the_next_one_after_it(String message) throws IOException {
        MessageReader reader = new MessageReader(byteByByte(message + message));

        String first = reader.next();

        assertThat(first).isNotNull().endsWith("\r\n\r\n").isEqualTo(reader.next());
        assertThat(reader.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20})
    void a_message_that_breaks_off_is_not_taken_for_one(int missing) {
        String part = COUNTED.substring(0, COUNTED.length() - missing);

        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> new MessageReader(byteByByte(part)).next());
    }

    @Test
    void one_that_is_too_long_is_refused() {
        String long40k = "HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + "x".repeat(40_000);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new MessageReader(new ByteArrayInputStream(bytes(long40k))).next())
                .withMessageContaining("longer");
    }

    private static InputStream byteByByte(String text) {
        return new ByteArrayInputStream(bytes(text)) {
            @Override
            public synchronized int read(byte[] into, int from, int length) {
                return super.read(into, from, Math.min(length, 1));
            }
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
