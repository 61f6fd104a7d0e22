package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.fabio.GlobReader.Automaton;
import dev.pointsman.balancer.fabio.GlobReader.CharTest;
import java.util.BitSet;

/**
 * A pattern for a whole text, in the syntax of gobwas/glob without separators, which fabio has for hosts and paths:
 * {@code *} any number of characters, {@code ?} one, <code>{a,b}</code> alternatives, {@code [abc]}, {@code [a-z]} and
 * {@code [!a-z]} one of or none of some characters, {@code \} before a character that is meant itself. The time for a
 * match is at most the product of the lengths of pattern and text, whatever they are. Immutable, thread-safe.
 */
public final class Glob {
    private final String pattern;
    private final String prefix;
    private final String suffix;
    private final CharTest[] tests;
    private final BitSet[] follows;
    private final BitSet first;
    private final BitSet last;
    private final boolean nullable;

    private Glob(String pattern, Automaton automaton) {
        this.pattern = pattern;
        this.prefix = prefixOf(pattern);
        this.suffix = suffixOf(pattern);
        this.tests = automaton.tests().toArray(CharTest[]::new);
        this.follows = automaton.follows().toArray(BitSet[]::new);
        this.first = automaton.first();
        this.last = automaton.last();
        this.nullable = automaton.nullable();
    }

    /**
     * The pattern of a text.
     *
     * @throws BadGlobException if it is none
     */
    public static Glob of(String pattern) throws BadGlobException {
        return new Glob(pattern, new GlobReader(pattern).read());
    }

    /**
     * The pattern of a text that was checked before.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Glob checked(String pattern) {
        try {
            return of(pattern);
        } catch (BadGlobException bad) {
            throw new IllegalArgumentException(pattern + " (expected: " + bad.getMessage() + ")", bad);
        }
    }

    /** Whether a text is a pattern that takes itself alone. */
    public static boolean isLiteral(String text) {
        return text.chars().noneMatch(Glob::isSpecial);
    }

    /** Whether the whole text matches. */
    public boolean matches(String text) {
        if (text.length() < prefix.length() || !text.startsWith(prefix) || !text.endsWith(suffix)) {
            return false;
        }
        if (text.isEmpty()) {
            return nullable;
        }
        BitSet may = (BitSet) first.clone();
        BitSet next = new BitSet(tests.length);
        BitSet took = new BitSet(tests.length);
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            step(may, c, took, next);
            if (took.isEmpty()) {
                return false;
            }
            BitSet spare = may;
            may = next;
            next = spare;
        }
        return took.intersects(last);
    }

    /**
     * Takes one character.
     *
     * @param may the positions that may take it
     * @param took is set to those that did
     * @param next is set to those that may take the character after it
     */
    private void step(BitSet may, int c, BitSet took, BitSet next) {
        took.clear();
        next.clear();
        for (int p = may.nextSetBit(0); p >= 0; p = may.nextSetBit(p + 1)) {
            if (tests[p].accepts(c)) {
                took.set(p);
                next.or(follows[p]);
            }
        }
    }

    @Override
    public String toString() {
        return pattern;
    }

    private static boolean isSpecial(int c) {
        return "*?[{\\".indexOf(c) >= 0;
    }

    /** The text that all matches of a pattern begin with; may be empty. */
    public static String prefixOf(String pattern) {
        int end = 0;
        while (end < pattern.length() && !isSpecial(pattern.charAt(end))) {
            end++;
        }
        return pattern.substring(0, end);
    }

    /** The text that all matches of a pattern end with; may be empty. */
    public static String suffixOf(String pattern) {
        // A comma or a bracket may belong to something special before it.
        int start = pattern.length();
        while (start > 0 && !isSpecial(pattern.charAt(start - 1)) && "}],".indexOf(pattern.charAt(start - 1)) < 0) {
            start--;
        }
        boolean isEscaped = start > 0 && pattern.charAt(start - 1) == '\\';
        return pattern.substring(isEscaped ? Math.min(start + 1, pattern.length()) : start);
    }
}
