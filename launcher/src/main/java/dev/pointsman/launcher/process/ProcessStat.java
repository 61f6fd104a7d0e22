package dev.pointsman.launcher.process;

import java.util.Optional;

/**
 * The line of one process in {@code /proc/PID/stat}, see proc(5).
 *
 * @param pid its id
 * @param parent its parent's id
 * @param session the id of the process that began its session
 * @param zombie whether it has ended, and its parent has not reaped it yet
 * @param cpuTicks processor time so far, in clock ticks
 * @param startTicks when it began, in clock ticks since the machine started; tells it from a later process of the same id
 * @param residentPages its resident memory, in pages
 */
record ProcessStat(
        long pid, long parent, long session, boolean zombie, long cpuTicks, long startTicks, long residentPages) {
    // Numbers of the fields as proc(5) counts them, from 1.
    private static final int STATE = 3;
    private static final int PARENT = 4;
    private static final int SESSION = 6;
    private static final int USER_TIME = 14;
    private static final int SYSTEM_TIME = 15;
    private static final int START = 22;
    private static final int RESIDENT = 24;

    /** Parses the line; empty when it is none, as for a process that ends while it is read. */
    static Optional<ProcessStat> parse(String line) {
        // The name, which is the second field, stands in parentheses and may hold blanks and parentheses itself.
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 2 || close < open) {
            return Optional.empty();
        }
        String[] rest = line.substring(close + 1).strip().split(" ");
        if (rest.length <= RESIDENT - STATE) {
            return Optional.empty();
        }
        return Optional.of(new ProcessStat(
                Long.parseLong(line.substring(0, open).strip()),
                number(rest, PARENT),
                number(rest, SESSION),
                rest[0].equals("Z") || rest[0].equals("X"),
                number(rest, USER_TIME) + number(rest, SYSTEM_TIME),
                number(rest, START),
                number(rest, RESIDENT)));
    }

    private static long number(String[] rest, int field) {
        return Long.parseLong(rest[field - STATE]);
    }
}
