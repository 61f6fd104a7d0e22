package dev.pointsman.cli;

import dev.pointsman.cli.run.UserSignal;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of this process while it shows frames: the alternate screen without a cursor, keys read one by one. However the
 * process ends, short of SIGKILL, the terminal is as it was before. Escape codes: ECMA-48, and xterm's private modes 25 and 1049.
 */
final class TopTerminal implements TopScreen, AutoCloseable {
    /** Ctrl-Z is off: the shell would come back to a screen that is not its own. */
    private static final String KEYS =
            "trap '' TTOU; stty -g </dev/tty >&2 && stty -icanon -echo min 1 time 0 susp undef </dev/tty";

    /** Another Ctrl-C must not end this half way. */
    private static final String RESTORE = "trap '' INT TERM HUP TTOU; [ -z \"$1\" ] || stty \"$1\" </dev/tty;"
            + " printf '\\033[0m\\033[?25h\\033[?1049l'";

    private static final String BEGIN = "\u001b[?1049h\u001b[?25l\u001b[2J";
    private static final TerminalSize USUAL = new TerminalSize(true, 80, 24);
    private static final long PAINT_MILLIS = 500;

    private final PrintWriter out;
    private final Map<String, String> environment;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final ReentrantLock painting = new ReentrantLock();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread atEnd = new Thread(this::restore, "restore-terminal");
    private final TopPainter painter;
    private final @Nullable String saved;
    private TerminalSize size;
    private boolean isChanged;

    /**
     * Takes the terminal.
     *
     * @param size as it is now
     */
    TopTerminal(PrintWriter out, Map<String, String> environment, TerminalSize size) {
        this.out = out;
        this.environment = environment;
        this.size = usable(size);
        this.painter = new TopPainter(environment);
        Runtime.getRuntime().addShutdownHook(atEnd);
        String modes = TtyCommand.run(KEYS);
        this.saved = modes == null ? null : modes.strip();
        UserSignal.handle("WINCH", () -> events.add(Event.RESIZED));
        if (saved != null) {
            Thread keys = new Thread(this::readKeys, "keys");
            keys.setDaemon(true);
            keys.start();
        }
        out.print(BEGIN);
        out.flush();
    }

    private static TerminalSize usable(TerminalSize size) {
        return new TerminalSize(
                true,
                size.columns() == 0 ? USUAL.columns() : size.columns(),
                size.rows() == 0 ? USUAL.rows() : size.rows());
    }

    private void readKeys() {
        try (InputStream keys = new FileInputStream("/dev/tty")) {
            int key = keys.read();
            while (key >= 0 && key != 'q' && key != 'Q') {
                key = keys.read();
            }
        } catch (IOException gone) {
            // Without the terminal there is nobody to show anything to: it ends, as with q.
        }
        events.add(Event.QUIT);
    }

    @Override
    public TerminalSize size() {
        return size;
    }

    @Override
    public String wayOut() {
        return saved == null ? "Ctrl-C ends it (no keys can be read from this terminal)" : "q quits";
    }

    @Override
    public void paint(List<TopLine> lines) {
        String frame = painter.frame(lines, size, isChanged);
        isChanged = false;
        painting.lock();
        try {
            if (!ended.get()) {
                out.print(frame);
                out.flush();
            }
        } finally {
            painting.unlock();
        }
    }

    @Override
    public void wake() {
        events.add(Event.ANSWERED);
    }

    @Override
    public Event await(Duration longest) throws InterruptedException {
        Event event = events.poll(longest.toNanos(), TimeUnit.NANOSECONDS);
        if (event == Event.RESIZED) {
            size = usable(TerminalSize.of(environment));
            isChanged = true;
        }
        if (event != null) {
            return event;
        }
        return out.checkError() ? Event.QUIT : Event.TIME;
    }

    /** Gives the terminal back; once, on whatever thread comes first. */
    private void restore() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        boolean isMine = false;
        try {
            // A terminal that stands still (Ctrl-S) holds the one who paints; the process must be able to end all the
            // same.
            isMine = painting.tryLock(PAINT_MILLIS, TimeUnit.MILLISECONDS);
            TtyCommand.run(RESTORE, saved == null ? "" : saved);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            if (isMine) {
                painting.unlock();
            }
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atEnd);
        } catch (IllegalStateException ending) {
            // It runs already, and finds nothing left to do.
        }
    }
}
