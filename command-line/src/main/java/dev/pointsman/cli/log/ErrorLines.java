package dev.pointsman.cli.log;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The stream of what a program that logs says at its end: why it could not start. As it is while the log is text; each line as
 * an event of the log while that is JSON, so that a reader of JSON finds nothing else on standard error.
 */
final class ErrorLines extends OutputStream {
    private final PrintStream to;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    ErrorLines(PrintStream to) {
        this.to = to;
    }

    @Override
    public synchronized void write(int b) {
        if (!LogOutput.isJson()) {
            to.write(b);
        } else if (b != '\n') {
            line.write(b);
        } else if (line.size() > 0) {
            LogOutput.json(to, "ERROR", "pointsman", line.toString(StandardCharsets.UTF_8), null, null);
            line.reset();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    @Override
    public void flush() {
        to.flush();
    }
}
