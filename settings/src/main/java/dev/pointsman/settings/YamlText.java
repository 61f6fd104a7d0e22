package dev.pointsman.settings;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/** The characters of a YAML file: UTF-8, unless it begins with the mark of UTF-16 (YAML 1.2, 5.2). */
final class YamlText {
    private YamlText() {}

    /**
     * The text of a file, without a byte order mark.
     *
     * @throws NoTextException if bytes in it are no text
     */
    static String of(byte[] content) throws NoTextException {
        boolean wide = content.length > 1
                && ((content[0] == (byte) 0xfe && content[1] == (byte) 0xff)
                        || (content[0] == (byte) 0xff && content[1] == (byte) 0xfe));
        if (wide) {
            return new String(content, StandardCharsets.UTF_16);
        }
        CharBuffer decoded = CharBuffer.allocate(content.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        boolean bad = decoder.decode(ByteBuffer.wrap(content), decoded, true).isError();
        decoded.flip();
        if (bad) {
            throw new NoTextException(lineOf(decoded, decoded.length()));
        }
        boolean marked = decoded.length() > 0 && decoded.charAt(0) == '\ufeff';
        return decoded.subSequence(marked ? 1 : 0, decoded.length()).toString();
    }

    /** The line, from 1, of a position in a file. */
    static int lineOf(byte[] content, int position) {
        return lineOf(new String(content, StandardCharsets.UTF_8), position);
    }

    private static int lineOf(CharSequence text, int position) {
        return 1 + (int) text.chars().limit(position).filter(c -> c == '\n').count();
    }

    /** Thrown for bytes that are no text. */
    static final class NoTextException extends Exception {
        private static final long serialVersionUID = 1;
        private final int line;

        private NoTextException(int line) {
            super("no text in line " + line);
            this.line = line;
        }

        /** The line, from 1, in which they are. */
        int line() {
            return line;
        }
    }
}
