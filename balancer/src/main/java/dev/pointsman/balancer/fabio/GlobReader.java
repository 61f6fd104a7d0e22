package dev.pointsman.balancer.fabio;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A reader of patterns. Builds the position automaton (Glushkov): each place of the pattern that takes a character is a
 * position, and for each of them it is known which positions may take the next one. Not thread-safe.
 */
final class GlobReader {
    /** Beyond any path or host that is meant seriously; the automaton's size grows with the square. */
    private static final int LONGEST = 1024;

    private final String pattern;
    private final int[] codes;
    private int at;

    private final List<CharTest> tests = new ArrayList<>();
    private final List<BitSet> follows = new ArrayList<>();

    /** A part of the pattern: where it may begin and end, and whether it may be empty. */
    private record Part(BitSet first, BitSet last, boolean nullable) {}

    /** What one position takes. */
    @FunctionalInterface
    interface CharTest {
        boolean accepts(int codePoint);
    }

    /** The automaton of a pattern. */
    record Automaton(List<CharTest> tests, List<BitSet> follows, BitSet first, BitSet last, boolean nullable) {}

    GlobReader(String pattern) {
        this.pattern = pattern;
        this.codes = pattern.codePoints().toArray();
    }

    Automaton read() throws BadGlobException {
        if (codes.length > LONGEST) {
            throw new BadGlobException("a pattern of at most " + LONGEST + " characters");
        }
        Part whole = sequence(0);
        return new Automaton(tests, follows, whole.first(), whole.last(), whole.nullable());
    }

    /**
     * Reads up to the end of the pattern, or within braces up to a comma or the closing brace.
     *
     * @param depth how many braces are open
     */
    private Part sequence(int depth) throws BadGlobException {
        Part sofar = new Part(new BitSet(), new BitSet(), true);
        while (at < codes.length) {
            int c = codes[at];
            if (depth > 0 && (c == ',' || c == '}')) {
                return sofar;
            }
            at++;
            sofar = then(sofar, part(c, depth));
        }
        if (depth > 0) {
            throw new BadGlobException("a } for each {");
        }
        return sofar;
    }

    private Part part(int c, int depth) throws BadGlobException {
        return switch (c) {
            case '*' -> star();
            case '?' -> position(any -> true);
            case '[' -> range();
            case '{' -> alternatives(depth + 1);
            case '\\' -> literal(escaped());
            default -> literal(c);
        };
    }

    private Part star() {
        Part any = position(each -> true);
        int position = any.first().nextSetBit(0);
        follows.get(position).set(position);
        return new Part(any.first(), any.last(), true);
    }

    private Part literal(int c) {
        return position(each -> each == c);
    }

    private int escaped() throws BadGlobException {
        if (at == codes.length) {
            throw new BadGlobException("a character after \\");
        }
        return codes[at++];
    }

    private Part alternatives(int depth) throws BadGlobException {
        // One level of braces is one level of calls.
        if (depth > 16) {
            throw new BadGlobException("at most 16 braces in one another");
        }
        BitSet first = new BitSet();
        BitSet last = new BitSet();
        boolean nullable = false;
        do {
            Part each = sequence(depth);
            first.or(each.first());
            last.or(each.last());
            nullable |= each.nullable();
        } while (codes[at++] == ',');
        return new Part(first, last, nullable);
    }

    /** {@code [abc]}, {@code [a-z]}, and either with {@code !} before it: one range or a list, not both, as with fabio. */
    private Part range() throws BadGlobException {
        boolean not = at < codes.length && codes[at] == '!';
        if (not) {
            at++;
        }
        CharTest test = at + 1 < codes.length && codes[at + 1] == '-' ? fromTo() : oneOf();
        return position(not ? c -> !test.accepts(c) : test);
    }

    private CharTest fromTo() throws BadGlobException {
        int low = codes[at];
        if (at + 3 >= codes.length || codes[at + 3] != ']' || codes[at + 2] < low) {
            throw new BadGlobException("a range such as [a-z] or a list such as [abc] in " + pattern);
        }
        int high = codes[at + 2];
        at += 4;
        return c -> low <= c && c <= high;
    }

    private CharTest oneOf() throws BadGlobException {
        StringBuilder list = new StringBuilder();
        while (at < codes.length && codes[at] != ']') {
            int c = codes[at++];
            list.appendCodePoint(c == '\\' ? escaped() : c);
        }
        if (at == codes.length || list.isEmpty()) {
            throw new BadGlobException("a ] for each [, and a character between them");
        }
        at++;
        String listed = list.toString();
        return c -> listed.indexOf(c) >= 0;
    }

    private Part position(CharTest test) {
        BitSet only = new BitSet();
        only.set(tests.size());
        tests.add(test);
        follows.add(new BitSet());
        return new Part(only, only, false);
    }

    private Part then(Part one, Part other) {
        one.last().stream().forEach(position -> follows.get(position).or(other.first()));
        BitSet first = one.nullable() ? union(one.first(), other.first()) : one.first();
        BitSet last = other.nullable() ? union(one.last(), other.last()) : other.last();
        return new Part(first, last, one.nullable() && other.nullable());
    }

    private static BitSet union(BitSet one, BitSet other) {
        BitSet both = (BitSet) one.clone();
        both.or(other);
        return both;
    }
}
