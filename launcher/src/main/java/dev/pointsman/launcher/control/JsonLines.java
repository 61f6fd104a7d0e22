package dev.pointsman.launcher.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A connection that carries JSON in both directions, one value a line. One thread may read while others write. Reads and writes go to
 * the channel itself: its streams would exclude each other on JDK 17 (JDK-8279339).
 */
final class JsonLines implements Closeable {
    static final JsonMapper JSON = new JsonMapper();

    private static final int LONGEST = 8 << 20;

    private final SocketChannel channel;
    private final ByteBuffer read = ByteBuffer.allocate(8192).limit(0);

    JsonLines(SocketChannel channel) {
        this.channel = channel;
    }

    /** Reads the next value; null at the end. */
    @Nullable
    JsonNode next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            while (read.hasRemaining()) {
                byte b = read.get();
                if (b == '\n') {
                    return parse(line.toString(StandardCharsets.UTF_8));
                }
                line.write(b);
                if (line.size() > LONGEST) {
                    throw new IOException("a line of more than " + LONGEST + " bytes");
                }
            }
            if (channel.read(read.clear()) < 0) {
                read.limit(0);
                return null;
            }
            read.flip();
        }
    }

    private static JsonNode parse(String line) throws IOException {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException bad) {
            throw new IOException("not JSON: " + bad.getOriginalMessage(), bad);
        }
    }

    synchronized void write(JsonNode value) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(JSON.writeValueAsString(value) + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
