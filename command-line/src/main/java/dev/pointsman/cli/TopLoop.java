package dev.pointsman.cli;

import dev.pointsman.cli.TopFrame.Away;
import dev.pointsman.cli.TopScreen.Event;
import dev.pointsman.cli.run.CommandFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A live view's life: asks, shows, waits, until somebody quits. Goes on while who is asked is away. What is asked is waited for
 * by another thread, so that one that hangs keeps nobody from quitting.
 *
 * @param <T> what is asked for
 */
final class TopLoop<T> {
    private final Source<T> source;
    private final Executor asking;
    private final TopScreen screen;
    private final Duration interval;
    private final LongSupplier nanos;

    private @Nullable T overview;
    private @Nullable String failure;
    private long lastAnswer;
    /** What is not answered yet; null for nothing. */
    private @Nullable FutureTask<T> asked;

    private long lastQuestion;

    /**
     * Where overviews come from, and what is shown of them.
     *
     * @param <T> an overview
     */
    interface Source<T> {
        /** Asks for a new one; may block. */
        T overview() throws CommandFailure;

        /**
         * What is to be seen, no wider and no higher than the terminal.
         *
         * @param newest null before the first
         * @param away why there is no newer one; null if it is new
         * @param wayOut how somebody can quit, for the last line
         */
        List<TopLine> lines(@Nullable T newest, @Nullable Away away, String wayOut, TerminalSize size);
    }

    /**
     * A loop.
     *
     * @param asking waits for answers
     * @param nanos a clock
     */
    TopLoop(Source<T> source, Executor asking, TopScreen screen, Duration interval, LongSupplier nanos) {
        this.source = source;
        this.asking = asking;
        this.screen = screen;
        this.interval = interval;
        this.nanos = nanos;
        this.lastAnswer = nanos.getAsLong();
    }

    /** Waits for an answer on a thread that does not keep the process from ending. */
    static void inBackground(Runnable question) {
        Thread thread = new Thread(question, "question");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Runs until somebody quits.
     *
     * @return the exit code: 0, or 1 if none was ever answered
     * @throws CommandFailure for what is no use to try again
     */
    int run() throws CommandFailure, InterruptedException {
        paint();
        ask();
        while (true) {
            Event event = screen.await(left());
            switch (event) {
                case QUIT -> {
                    return overview == null ? CliErrors.FAILED : 0;
                }
                case ANSWERED -> {
                    take();
                    paint();
                }
                case RESIZED -> paint();
                case TIME -> {
                    if (asked == null) {
                        ask();
                    } else {
                        paint();
                    }
                }
            }
        }
    }

    /** Until there is something to do: to ask again, or to show for how long no answer has come. */
    private Duration left() {
        if (asked != null) {
            return interval;
        }
        Duration left = interval.minusNanos(nanos.getAsLong() - lastQuestion);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void ask() {
        lastQuestion = nanos.getAsLong();
        FutureTask<T> question = new FutureTask<T>(source::overview) {
            @Override
            protected void done() {
                screen.wake();
            }
        };
        asked = question;
        asking.execute(question);
    }

    private void take() throws CommandFailure, InterruptedException {
        FutureTask<T> answered = asked;
        if (answered == null) {
            return;
        }
        asked = null;
        try {
            overview = answered.get();
            lastAnswer = nanos.getAsLong();
            failure = null;
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof CommandFailure away)) {
                throw new IllegalStateException("the overview could not be read", failed.getCause());
            }
            if (away.isBadUsage()) {
                throw away;
            }
            failure = String.valueOf(away.getMessage());
        }
    }

    private void paint() {
        Away away = failure == null ? null : new Away(Duration.ofNanos(nanos.getAsLong() - lastAnswer), failure);
        screen.paint(source.lines(overview, away, screen.wayOut(), screen.size()));
    }
}
