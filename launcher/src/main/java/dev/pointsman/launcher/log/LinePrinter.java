package dev.pointsman.launcher.log;

import java.io.PrintWriter;
import java.util.List;

/** A printer of lines with their instance in front, in a column as wide as the widest id so far. Not thread-safe. */
public final class LinePrinter {
    private final PrintWriter out;
    private final boolean times;
    private int width;

    /** @param times whether the time of each line stands before it */
    public LinePrinter(PrintWriter out, boolean times) {
        this.out = out;
        this.times = times;
    }

    /** Prints lines and flushes. */
    public void print(List<LogLine> lines) {
        for (LogLine line : lines) {
            width = Math.max(width, line.id().length());
        }
        for (LogLine line : lines) {
            if (times) {
                out.print(line.time());
                out.print(' ');
            }
            out.print(line.id());
            out.print(" ".repeat(width - line.id().length()));
            out.print(" | ");
            out.print(line.text());
            out.print('\n');
        }
        out.flush();
    }
}
