package dev.pointsman.http;

/**
 * The check of a request line or a status line for strict spacing (RFC 9112, 3 and 4): the first word at the very
 * beginning, one space between each two. Netty takes any white space, and any amount of it.
 */
public final class StartLine {
    private boolean wellFormed;
    private int end;

    /** Notes where the first word was found. */
    public void first(int start, int length) {
        wellFormed = start == 0;
        end = start + length;
    }

    /** Notes where the next word was found in this line. */
    public void next(byte[] line, int start, int length) {
        wellFormed &= start == end + 1 && line[end] == ' ';
        end = start + length;
    }

    /** Whether all words so far stand as they should. */
    public boolean isWellFormed() {
        return wellFormed;
    }
}
