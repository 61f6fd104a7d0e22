package dev.pointsman.cli;

/**
 * The number of columns that text takes on a terminal: two for East Asian wide characters and for pictures (Unicode Standard
 * Annex 11), none for marks that stand upon the character before, one for all else.
 */
final class DisplayWidth {
    /** The first and the last code point of each range of wide characters, as whole blocks. */
    private static final int[][] WIDE = {
        {0x1100, 0x115f}, // Hangul that begins a syllable
        {0x2e80, 0x303e}, // radicals and punctuation
        {0x3041, 0x33ff}, // Kana and what belongs to it
        {0x3400, 0x4dbf}, // Han
        {0x4e00, 0x9fff},
        {0xa000, 0xa4cf}, // Yi
        {0xa960, 0xa97f},
        {0xac00, 0xd7a3}, // Hangul
        {0xf900, 0xfaff},
        {0xfe30, 0xfe6f},
        {0xff00, 0xff60}, // full width
        {0xffe0, 0xffe6},
        {0x1f300, 0x1f64f}, // pictures
        {0x1f680, 0x1f6ff},
        {0x1f900, 0x1faff},
        {0x20000, 0x3fffd},
    };

    private DisplayWidth() {}

    static int of(String text) {
        return text.codePoints().map(DisplayWidth::of).sum();
    }

    /** The beginning of a text that fits into so many columns. */
    static String cut(String text, int columns) {
        int taken = 0;
        int end = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            taken += of(c);
            if (taken > columns) {
                break;
            }
            end += Character.charCount(c);
        }
        return text.substring(0, end);
    }

    private static int of(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        for (int[] range : WIDE) {
            if (codePoint >= range[0] && codePoint <= range[1]) {
                return 2;
            }
        }
        return 1;
    }
}
