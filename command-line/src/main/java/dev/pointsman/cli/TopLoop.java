package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.TopFrame.Away;
import dev.pointsman.cli.TopScreen.Event;
import dev.pointsman.cli.run.CommandFailure;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The live table's life: asks, shows, waits, until somebody quits. Goes on while the balancer is away. */
final class TopLoop {
    private final Source source;
    private final TopScreen screen;
    private final Duration interval;
    private final String about;
    private final LongSupplier nanos;

    private @Nullable JsonNode overview;
    private @Nullable String failure;
    private long lastAnswer;

    /** Where overviews come from. */
    interface Source {
        JsonNode overview() throws CommandFailure;
    }

    /**
     * A loop.
     *
     * @param about what is shown, for the last line
     * @param nanos a clock
     */
    TopLoop(Source source, TopScreen screen, Duration interval, String about, LongSupplier nanos) {
        this.source = source;
        this.screen = screen;
        this.interval = interval;
        this.about = about;
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
        while (true) {
            look();
            long shown = nanos.getAsLong();
            Event event = Event.RESIZED;
            while (event == Event.RESIZED) {
                screen.paint(frame().lines(screen.size()));
                Duration left = interval.minusNanos(nanos.getAsLong() - shown);
                event = screen.await(left.isNegative() ? Duration.ZERO : left);
            }
            if (event == Event.QUIT) {
                return overview == null ? CliErrors.FAILED : 0;
            }
        }
    }

    private void look() throws CommandFailure {
        try {
            overview = source.overview();
            lastAnswer = nanos.getAsLong();
            failure = null;
        } catch (CommandFailure away) {
            if (away.isBadUsage()) {
                throw away;
            }
            failure = String.valueOf(away.getMessage());
        }
    }

    private TopFrame frame() {
        Away away = failure == null ? null : new Away(Duration.ofNanos(nanos.getAsLong() - lastAnswer), failure);
        return new TopFrame(overview, away, screen.wayOut() + about);
    }
}
