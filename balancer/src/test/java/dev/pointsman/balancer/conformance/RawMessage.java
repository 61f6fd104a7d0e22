package dev.pointsman.balancer.conformance;

/**
 * A row of a table of tests.
 *
 * @param name what it is about, for the report
 * @param text what is sent, a byte a character
 */
record RawMessage(String name, String text) {
    private static final int SHOWN = 600;

    static RawMessage of(String name, String text) {
        return new RawMessage(name, text);
    }

    /** A head, with the empty line after it; the body follows. */
    static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** On one line, for the report. */
    static String shown(String bytes) {
        StringBuilder shown = new StringBuilder();
        for (char c : bytes.substring(0, Math.min(bytes.length(), SHOWN)).toCharArray()) {
            switch (c) {
                case '\r' -> shown.append("\\r");
                case '\n' -> shown.append("\\n");
                default -> shown.append(c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\x%02x", (int) c));
            }
        }
        return bytes.length() > SHOWN ? shown + "... (" + bytes.length() + " bytes)" : shown.toString();
    }

    @Override
    public String toString() {
        return name;
    }
}
