package dev.pointsman.launcher.log;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * One line that an instance printed.
 *
 * @param time when it came
 * @param type the instance's type
 * @param id its id
 * @param text the line, without its end
 */
public record LogLine(Instant time, String type, String id, String text) {
    /** Longer lines are cut: a program that never ends its lines must not fill the memory of readers. */
    static final int LONGEST = 32 * 1024;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    static LogLine of(Instant time, String type, String id, String text) {
        return new LogLine(time, type, id, text.length() <= LONGEST ? text : cut(text));
    }

    private static String cut(String text) {
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + " [" + (text.length() - end) + " more characters]";
    }

    /** The line as written in a file: the time, the id, and the text to the line's end. */
    String inFile() {
        return TIME.format(time) + ' ' + id + ' ' + text + '\n';
    }

    /** Parses a line of a type's file; null if it is none. */
    static @Nullable LogLine parse(String type, String line) {
        int afterTime = line.indexOf(' ');
        int afterId = line.indexOf(' ', afterTime + 1);
        if (afterTime < 0 || afterId < 0) {
            return null;
        }
        try {
            Instant time = Instant.parse(line.substring(0, afterTime));
            return new LogLine(time, type, line.substring(afterTime + 1, afterId), line.substring(afterId + 1));
        } catch (DateTimeException noTime) {
            return null;
        }
    }
}
