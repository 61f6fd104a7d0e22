package dev.pointsman.launcher.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A splitter of bytes into lines of UTF-8, in which malformed bytes are replaced. A line of more than {@value #LONGEST} bytes is
 * cut into several, so that a program without line ends does not fill the memory.
 */
final class LineReader {
    private static final Logger LOG = LoggerFactory.getLogger(LineReader.class);

    static final int LONGEST = 16 * 1024;

    private final Consumer<String> lines;
    private final byte[] line = new byte[LONGEST];
    private int length;

    LineReader(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Reads to the end, which comes when every process with the other end open has closed it. */
    void read(InputStream from) {
        byte[] chunk = new byte[8 * 1024];
        try {
            int count = from.read(chunk);
            while (count >= 0) {
                for (int i = 0; i < count; i++) {
                    add(chunk[i]);
                }
                count = from.read(chunk);
            }
        } catch (IOException closed) {
            // Its process is gone; that is an end like any other, and the rest is passed on below.
            LOG.debug("The output of a program broke off", closed);
        }
        if (length > 0) {
            pass();
        }
    }

    private void add(byte b) {
        if (b == '\n') {
            pass();
        } else {
            if (length == LONGEST) {
                pass();
            }
            line[length++] = b;
        }
    }

    private void pass() {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        lines.accept(new String(line, 0, end, StandardCharsets.UTF_8));
        length = 0;
    }
}
