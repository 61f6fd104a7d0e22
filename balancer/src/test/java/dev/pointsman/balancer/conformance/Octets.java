package dev.pointsman.balancer.conformance;

/**
 * A row of a table of tests.
 *
 * @param name what it is about, for the report
 * @param text what is sent, an octet a character
 */
record Octets(String name, String text) {
    static Octets of(String name, String text) {
        return new Octets(name, text);
    }

    /** A head, with the empty line after it; the body follows. */
    static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    @Override
    public String toString() {
        return name;
    }
}
