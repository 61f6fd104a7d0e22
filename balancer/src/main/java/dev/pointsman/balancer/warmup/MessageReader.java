package dev.pointsman.balancer.warmup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The reader of messages of {@link SyntheticExchanges} off a connection, one at a time: as much of HTTP/1.1 as it takes
 * to see where they end. Expects nothing behind a message before the response to it. For one thread.
 */
final class MessageReader {
    private static final String COUNTED = "\r\ncontent-length: ";
    private static final String CHUNKED = "\r\ntransfer-encoding: chunked\r\n";
    private static final String HEAD_END = "\r\n\r\n";
    private static final String CHUNKS_END = "\r\n0\r\n\r\n";

    private final InputStream in;
    private final byte[] buffer = new byte[32 * 1024];
    private int filled;

    MessageReader(InputStream in) {
        this.in = in;
    }

    /**
     * The head of the next message, in small letters; the whole of it is read.
     *
     * @return null if the other side ended the connection
     * @throws EOFException if it ended it in the middle of a message
     */
    @Nullable
    String next() throws IOException {
        filled = 0;
        int head = readHead();
        if (head == 0) {
            return null;
        }
        String fields = text(0, head).toLowerCase(Locale.ROOT);
        int length = fields.indexOf(COUNTED);
        if (length >= 0) {
            int digits = length + COUNTED.length();
            readTo(head + Integer.parseInt(fields.substring(digits, fields.indexOf('\r', digits))));
        } else if (fields.contains(CHUNKED)) {
            readToEndOfChunks();
        }
        return fields;
    }

    /** Where the head ends; 0 if there is none. */
    private int readHead() throws IOException {
        int end = -1;
        while (end < 0) {
            int before = filled;
            if (!readMore()) {
                if (before > 0) {
                    throw new EOFException("a head that breaks off");
                }
                return 0;
            }
            end = text(0, filled).indexOf(HEAD_END);
        }
        return end + HEAD_END.length();
    }

    private void readTo(int end) throws IOException {
        while (filled < end) {
            if (!readMore()) {
                throw new EOFException("a body that breaks off");
            }
        }
    }

    private void readToEndOfChunks() throws IOException {
        while (!text(Math.max(0, filled - CHUNKS_END.length()), filled).equals(CHUNKS_END)) {
            if (!readMore()) {
                throw new EOFException("chunks that break off");
            }
        }
    }

    private boolean readMore() throws IOException {
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read == 0) {
            throw new IOException("a message that is longer than any of ours");
        }
        filled += Math.max(0, read);
        return read > 0;
    }

    private String text(int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
