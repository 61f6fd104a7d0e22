package dev.pointsman.launcher.log;

import java.time.Instant;

/** Lines for tests. */
final class LogTesting {
    private LogTesting() {}

    static LogLine line(int second, String id, String text) {
        String type = id.substring(0, id.lastIndexOf('-'));
        return LogLine.of(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second), type, id, text);
    }
}
