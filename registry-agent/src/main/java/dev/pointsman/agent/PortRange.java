package dev.pointsman.agent;

import java.util.stream.IntStream;

/**
 * A range of ports to try, in order, until one is free.
 *
 * @param first 1 to 65535, or 0 (and then {@code last} is 0 too) for any port that the system has free
 * @param last not below {@code first}
 */
public record PortRange(int first, int last) {
    /** Any port that the system has free. */
    public static final PortRange ANY = new PortRange(0, 0);

    public PortRange {
        if (first < 0 || last > 65535 || last < first || (first == 0 && last != 0)) {
            throw new IllegalArgumentException("ports " + first + "-" + last
                    + " (expected: 1-65535, the lower one first, or 0 for any free port)");
        }
    }

    /** This one port, or any for 0. */
    public static PortRange of(int port) {
        return new PortRange(port, port);
    }

    /**
     * Reads {@code 8000-8999} or {@code 8000}.
     *
     * @throws IllegalArgumentException with the text and what was expected
     */
    public static PortRange parse(String text) {
        if (!text.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
            throw new IllegalArgumentException("ports " + text + " (expected: two ports as in 8000-8999)");
        }
        int dash = text.indexOf('-');
        return dash < 0
                ? of(Integer.parseInt(text))
                : new PortRange(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }

    IntStream ports() {
        return IntStream.rangeClosed(first, last);
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
