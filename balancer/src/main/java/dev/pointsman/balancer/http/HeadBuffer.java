package dev.pointsman.balancer.http;

import io.netty.util.AsciiString;
import java.util.Arrays;

/**
 * Where a head is put together, octet for octet as it will be sent, before it goes out in one piece. Used again for
 * each head of an event loop. Every character is one octet: what was read as ISO 8859-1 is written as it was.
 */
public final class HeadBuffer {
    private byte[] octets = new byte[4096];
    private int length;

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
            System.arraycopy(ascii.array(), ascii.arrayOffset(), octets, length, count);
        } else {
            // Deprecated because it takes the low octet of each character, which is just what is wanted here.
            text.toString().getBytes(0, count, octets, length);
        }
        length += count;
        return this;
    }

    public HeadBuffer add(byte[] more) {
        makeRoom(more.length);
        System.arraycopy(more, 0, octets, length, more.length);
        length += more.length;
        return this;
    }

    public HeadBuffer add(char one) {
        makeRoom(1);
        octets[length++] = (byte) one;
        return this;
    }

    /** Adds a field line, its end included. */
    public HeadBuffer field(CharSequence name, CharSequence value) {
        return add(name).add(':').add(' ').add(value).endLine();
    }

    public HeadBuffer endLine() {
        return add('\r').add('\n');
    }

    public int length() {
        return length;
    }

    /** Writes the head to a target, in one piece. */
    public void writeTo(Target target) {
        target.write(octets, 0, length);
    }

    /** Takes bytes, such as a buffer does. */
    @FunctionalInterface
    public interface Target {
        void write(byte[] source, int offset, int length);
    }

    private void makeRoom(int more) {
        if (octets.length - length < more) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, length + more));
        }
    }
}
