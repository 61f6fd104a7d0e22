package dev.pointsman.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What commands print to, which a script takes for their answer: that it could not be written is said once, and the command
 * has failed. A reader that has seen enough ({@code | head}) closes its pipe, which is no failure. Thread-safe.
 */
final class StandardOutput {
    private static final Path OWN = Path.of("/proc/self/fd/1");

    /** The bits of a mode that say what a file is, and two of their values; inode(7). */
    private static final int S_IFMT = 0170000;

    private static final int S_IFIFO = 0010000;
    private static final int S_IFSOCK = 0140000;

    private final OutputStream to;
    private final BooleanSupplier hasReader;
    private final Consumer<String> say;
    private final AtomicBoolean failed = new AtomicBoolean();

    /**
     * An output.
     *
     * @param hasReader whether it is a pipe or a socket, so that a write fails when its reader is gone
     * @param say is given the sentence, at the first write that fails
     */
    StandardOutput(OutputStream to, BooleanSupplier hasReader, Consumer<String> say) {
        this.to = to;
        this.hasReader = hasReader;
        this.say = say;
    }

    /** This process's own. */
    static StandardOutput ofProcess(Consumer<String> say) {
        return new StandardOutput(new FileOutputStream(FileDescriptor.out), StandardOutput::isPipeOrSocket, say);
    }

    /** By what the descriptor is, as the words for "Broken pipe" are the locale's. */
    private static boolean isPipeOrSocket() {
        try {
            int kind = (int) Files.getAttribute(OWN, "unix:mode") & S_IFMT;
            return kind == S_IFIFO || kind == S_IFSOCK;
        } catch (IOException closed) {
            return false;
        }
    }

    /**
     * A writer with a lock of its own. Of UTF-8 whatever the locale is: containers have none, and what instances print is
     * passed on.
     */
    PrintWriter writer() {
        return new PrintWriter(new Observed(), false, StandardCharsets.UTF_8);
    }

    /**
     * The exit code of the process.
     *
     * @param ofCommand what the command has ended with
     */
    int exitCode(int ofCommand) {
        return ofCommand == 0 && failed.get() ? CliErrors.FAILED : ofCommand;
    }

    private void note(IOException failure) {
        if (!hasReader.getAsBoolean() && failed.compareAndSet(false, true)) {
            say.accept("standard output cannot be written: " + failure.getMessage()
                    + " (expected: a terminal, a pipe or a file with room for what is printed)");
        }
    }

    /** Passes on what is written, and notices when that fails; the writer above it only remembers that something did. */
    private final class Observed extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                to.write(bytes, offset, length);
            } catch (IOException failure) {
                note(failure);
                throw failure;
            }
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }
    }
}
