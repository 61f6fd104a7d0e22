package dev.pointsman.balancer.accesslog;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/** Times of the wall clock as text, in UTC. What was written for a second is kept. For one event loop. */
final class DateText {
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.", Locale.ROOT);

    private static final DateTimeFormatter COMMON = new DateTimeFormatterBuilder()
            .appendPattern("dd/MMM/uuuu:HH:mm:ss '+0000'")
            .toFormatter(Locale.ENGLISH);

    private long second = Long.MIN_VALUE;
    private byte[] iso = {};
    private byte[] common = {};

    /** As RFC 3339 has it, with milliseconds: {@code 2026-03-01T12:00:00.123Z}. */
    void iso(Line line, long millis) {
        at(Math.floorDiv(millis, 1000));
        line.put(iso);
        line.padded(Math.floorMod(millis, 1000), 3);
        line.put('Z');
    }

    /** As the Common Log Format has it: {@code 01/Mar/2026:12:00:00 +0000}. */
    void common(Line line, long millis) {
        at(Math.floorDiv(millis, 1000));
        line.put(common);
    }

    private void at(long wanted) {
        if (wanted != second) {
            LocalDateTime time = LocalDateTime.ofEpochSecond(wanted, 0, ZoneOffset.UTC);
            iso = ISO.format(time).getBytes(StandardCharsets.US_ASCII);
            common = COMMON.format(time).getBytes(StandardCharsets.US_ASCII);
            second = wanted;
        }
    }
}
