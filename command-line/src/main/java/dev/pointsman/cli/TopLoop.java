package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.TopFrame.Away;
import dev.pointsman.cli.TopScreen.Event;
import dev.pointsman.cli.run.CommandFailure;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The live table's life: asks, shows, waits, until somebody quits. Goes on while the balancer is away. What is asked is waited for
 * by another thread, so that a balancer that hangs keeps nobody from quitting.
 */
final class TopLoop {
    private final Source source;
    private final Executor asking;
    private final TopScreen screen;
    private final Duration interval;
    private final LongSupplier nanos;

    private @Nullable JsonNode overview;
    private @Nullable String failure;
    private long lastAnswer;
    /** What is not answered yet; null for nothing. */
    private @Nullable FutureTask<JsonNode> asked;

    private long lastQuestion;

    /** Where overviews come from. */
    interface Source {
        JsonNode overview() throws CommandFailure;

        /** Where that is, as somebody would type it. */
        String admin();

        /** What part of it is asked for, for the last line. */
        String about();
    }

    /**
     * A loop.
     *
     * @param asking waits for answers
     * @param nanos a clock
     */
    TopLoop(Source source, Executor asking, TopScreen screen, Duration interval, LongSupplier nanos) {
        this.source = source;
        this.asking = asking;
        this.screen = screen;
        this.interval = interval;
        this.nanos = nanos;
        this.lastAnswer = nanos.getAsLong();
    }

    /**
     * Runs until somebody quits.
     *
     * @return the exit code: 0, or 1 if the balancer has never answered
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
        FutureTask<JsonNode> question = new FutureTask<>(source::overview) {
            @Override
            protected void done() {
                screen.wake();
            }
        };
        asked = question;
        asking.execute(question);
    }

    private void take() throws CommandFailure, InterruptedException {
        FutureTask<JsonNode> answered = asked;
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
        TopFrame frame = new TopFrame(overview, source.admin(), away, screen.wayOut() + source.about());
        screen.paint(frame.lines(screen.size()));
    }
}
