package dev.pointsman.cli.log;

import dev.pointsman.registry.OneLine;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The stream that the log is printed to, an event as one call: whatever an event quotes, it is one line of bounded
 * length, see {@link OneLine}, and so is each line of a stack trace. The last resort: what logs foreign text bounds it
 * itself, so that its sentence keeps its end; libraries do not.
 */
final class LogStream extends PrintStream {
    /** Characters of an event. */
    private static final int LONGEST = 4000;

    /** What our own sentences begin a further line with; no event begins so. */
    private static final String CONTINUATION = "\n    ";

    LogStream(OutputStream out) {
        super(out, true, StandardCharsets.UTF_8);
    }

    @Override
    public void println(@Nullable String line) {
        event(String.valueOf(line));
    }

    @Override
    public void println(@Nullable Object line) {
        event(String.valueOf(line));
    }

    private void event(String text) {
        if (LogOutput.isJson() && this == System.err) {
            // Not by a logger of ours: a library, or the JVM.
            LogOutput.json(this, "WARN", "stderr", text, null, null);
        } else {
            super.println(plain(text));
        }
    }

    /** The text of an event as it is shown. */
    static String plain(String event) {
        StringBuilder lines = new StringBuilder();
        // A stack trace's own lines begin with a tab.
        String text = event.startsWith("\t") ? event.substring(1) : event;
        if (text.length() < event.length()) {
            lines.append('\t');
        }
        int from = 0;
        while (lines.length() < LONGEST) {
            int to = text.indexOf(CONTINUATION, from);
            lines.append(OneLine.of(text.substring(from, to < 0 ? text.length() : to), LONGEST - lines.length()));
            if (to < 0) {
                break;
            }
            lines.append(CONTINUATION);
            from = to + CONTINUATION.length();
        }
        return lines.toString();
    }
}
