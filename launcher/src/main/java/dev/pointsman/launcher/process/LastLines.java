package dev.pointsman.launcher.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of a program's output. Thread-safe. */
final class LastLines {
    private static final int LINES = 20;

    private final Deque<String> lines = new ArrayDeque<>();

    synchronized void add(String line) {
        if (lines.size() == LINES) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
