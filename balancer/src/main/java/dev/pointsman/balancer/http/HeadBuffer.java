package dev.pointsman.balancer.http;

import io.netty.util.AsciiString;
import java.util.Arrays;

/**
 * A buffer in which a head is put together, byte for byte as it will be sent, to be written in one piece. Reused for
 * each head of an event loop. Every character is one byte: what was read as ISO 8859-1 is written as it was.
 */
public final class HeadBuffer {
    private byte[] bytes;
    private int length;

    /** An empty one, with room for most heads. */
    public HeadBuffer() {
        this(4096);
    }

    /**
     * An empty one.
     *
     * @param room bytes that it takes before it grows
     */
    public HeadBuffer(int room) {
        bytes = new byte[room];
    }

    /** Empties it for the next head. */
    public HeadBuffer clear() {
        length = 0;
        return this;
    }

    /** Adds characters of up to U+00FF. */
    @SuppressWarnings("deprecation")
    public HeadBuffer add(CharSequence text) {
        int count = text.length();
        makeRoom(count);
        if (text instanceof AsciiString ascii) {
            System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, length, count);
        } else {
            // Deprecated because it takes the low byte of each character, which is just what is wanted here.
            text.toString().getBytes(0, count, bytes, length);
        }
        length += count;
        return this;
    }

    public HeadBuffer add(byte[] more) {
        makeRoom(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    public HeadBuffer add(char one) {
        makeRoom(1);
        bytes[length++] = (byte) one;
        return this;
    }

    /** Adds a field line, its end included. */
    public HeadBuffer field(CharSequence name, CharSequence value) {
        return add(name).add(':').add(' ').add(value).endLine();
    }

    /** Adds CRLF. */
    public HeadBuffer endLine() {
        return add('\r').add('\n');
    }

    /** The number of bytes of the head so far. */
    public int length() {
        return length;
    }

    /** Writes the head to a target, in one piece. */
    public void writeTo(ByteTarget target) {
        target.write(bytes, 0, length);
    }

    /** A receiver of bytes, such as a buffer. */
    @FunctionalInterface
    public interface ByteTarget {
        void write(byte[] source, int offset, int length);
    }

    private void makeRoom(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
