package dev.pointsman.balancer.accesslog;

import dev.pointsman.balancer.observe.MaskedNames;
import org.jspecify.annotations.Nullable;

/**
 * A way to write values so that none of them can end its place, or its line. Values are text of any origin; those of a request
 * have a character for each byte that was sent (ISO 8859-1). Stateless.
 */
abstract class ValueStyle {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final byte[] MASK = {'*', '*', '*'};

    /** Within the quotes of a template. */
    static final ValueStyle QUOTED = new PlainStyle(' ');

    /** In a template outside of quotes, where a blank would begin another value. */
    static final ValueStyle BARE = new PlainStyle('!');

    /** As JSON, with quotes of its own around text. */
    static final ValueStyle JSON = new JsonStyle();

    private final char firstPlain;

    /** @param firstPlain the first character of ASCII that is written as it is, see {@link Line#plain} */
    ValueStyle(char firstPlain) {
        this.firstPlain = firstPlain;
    }

    /** Writes that there is no value. */
    abstract void none(Line line);

    /** Writes a character that may need to be written in another way. */
    abstract void character(Line line, char each);

    /** Writes what stands before and behind a text. */
    void quote(Line line) {}

    /** Writes a text; null for none. */
    final void text(Line line, @Nullable String value) {
        if (value == null) {
            none(line);
        } else {
            begin(line, value);
            part(line, value, 0, value.length());
            quote(line);
        }
    }

    /** Writes a text in which the values of some parameters are masked, see {@link MaskedNames}. */
    final void masked(Line line, @Nullable String value, MaskedNames names, int firstParameter) {
        if (value == null || firstParameter < 0 || names.isEmpty()) {
            text(line, value);
            return;
        }
        begin(line, value);
        boolean room = part(line, value, 0, firstParameter);
        int at = firstParameter;
        while (room && at < value.length()) {
            int end = MaskedNames.endOfParameter(value, at);
            int equals = MaskedNames.endOfName(value, at, end);
            if (equals < end && names.covers(value, at, equals)) {
                room = part(line, value, at, equals + 1);
                line.put(MASK);
            } else {
                room = part(line, value, at, end);
            }
            room = room && part(line, value, end, Math.min(end + 1, value.length()));
            at = end + 1;
        }
        quote(line);
    }

    /** Writes that there is a value which is not shown. */
    final void mask(Line line) {
        quote(line);
        line.put(MASK);
        quote(line);
    }

    private void begin(Line line, String value) {
        quote(line);
        line.beginValue();
        if (value.isEmpty()) {
            empty(line);
        }
    }

    /** Writes a text without a character. */
    void empty(Line line) {}

    private boolean part(Line line, String value, int from, int to) {
        for (int i = line.plain(value, from, to, firstPlain); i < to; i = line.plain(value, i + 1, to, firstPlain)) {
            if (line.isValueFull()) {
                line.cutValue();
                return false;
            }
            char c = value.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(value.charAt(i + 1))) {
                pair(line, c, value.charAt(++i));
            } else {
                character(line, c);
            }
        }
        return true;
    }

    /** Writes a character that is two in Java. */
    void pair(Line line, char high, char low) {
        character(line, high);
        character(line, low);
    }

    /** Writes a number. */
    final void number(Line line, long value) {
        line.number(value);
    }

    /** Writes a time in seconds with six decimals; a negative one for none. */
    final void seconds(Line line, long nanos) {
        if (nanos < 0) {
            none(line);
            return;
        }
        long micros = nanos / 1000;
        line.number(micros / 1_000_000);
        line.put('.');
        line.padded((int) (micros % 1_000_000), 6);
    }

    static void hex(Line line, int value, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            line.put(HEX[(value >> shift) & 0xf]);
        }
    }

    /**
     * Visible ASCII as it is; quotes, backslashes and every other byte as {@code \xHH}, as nginx writes them; characters beyond,
     * which only our own names can have, as {@code \}{@code uHHHH}.
     */
    private static final class PlainStyle extends ValueStyle {
        PlainStyle(char firstPlain) {
            super(firstPlain);
        }

        @Override
        void none(Line line) {
            line.put('-');
        }

        @Override
        void empty(Line line) {
            line.put('-');
        }

        @Override
        void character(Line line, char c) {
            boolean isByte = c <= 0xff;
            line.put('\\');
            line.put(isByte ? 'x' : 'u');
            hex(line, c, isByte ? 2 : 4);
        }
    }

    /** As RFC 8259 has it, in UTF-8; control characters, C1 and line separators included, by their codes. */
    private static final class JsonStyle extends ValueStyle {
        private static final byte[] NULL = {'n', 'u', 'l', 'l'};

        JsonStyle() {
            super(' ');
        }

        @Override
        void none(Line line) {
            line.put(NULL);
        }

        @Override
        void quote(Line line) {
            line.put('"');
        }

        @Override
        void character(Line line, char c) {
            if (c == '"' || c == '\\') {
                line.put('\\');
                line.put(c);
            } else if (c < 0xa0 || isLineEnd(c)) {
                line.put('\\');
                line.put('u');
                hex(line, c, 4);
            } else if (c < 0x800) {
                line.put(0xc0 | (c >> 6));
                line.put(0x80 | (c & 0x3f));
            } else {
                // Half of a pair is no character, and cannot be written in UTF-8.
                int whole = Character.isSurrogate(c) ? 0xfffd : c;
                line.put(0xe0 | (whole >> 12));
                line.put(0x80 | ((whole >> 6) & 0x3f));
                line.put(0x80 | (whole & 0x3f));
            }
        }

        private static boolean isLineEnd(char c) {
            return c == 0x2028 || c == 0x2029;
        }

        @Override
        void pair(Line line, char high, char low) {
            int code = Character.toCodePoint(high, low);
            line.put(0xf0 | (code >> 18));
            line.put(0x80 | ((code >> 12) & 0x3f));
            line.put(0x80 | ((code >> 6) & 0x3f));
            line.put(0x80 | (code & 0x3f));
        }
    }
}
