package dev.pointsman.cli;

/**
 * A line of the live table.
 *
 * @param text without escape codes; says everything by itself
 * @param tone how it looks where a terminal can show that
 */
record TopLine(String text, Tone tone) {
    /** What a line is, by which it is coloured. */
    enum Tone {
        PLAIN(""),
        HEAD("1"),
        TROUBLE("31"),
        WARNING("33"),
        OLD("2");

        private final String attributes;

        Tone(String attributes) {
            this.attributes = attributes;
        }

        /** The parameters of the escape code Select Graphic Rendition (ECMA-48); empty for none. */
        String attributes() {
            return attributes;
        }
    }

    static TopLine plain(String text) {
        return new TopLine(text, Tone.PLAIN);
    }

    TopLine as(Tone other) {
        return new TopLine(text, other);
    }
}
