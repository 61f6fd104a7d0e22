package dev.pointsman.pick;

import dev.pointsman.pool.Picker;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A picker whose choice depends on load and on a cursor alone, which it moves: a copy of the cursor tells what would be picked.
 * Thread-safe.
 */
final class CursorPicker implements Picker {
    private final TurnCursor cursor;
    private final ByCursor choice;

    /** Chooses by a cursor, and moves it. */
    @FunctionalInterface
    interface ByCursor {
        @Nullable
        Upstream pick(TurnCursor cursor, List<Upstream> tried);
    }

    CursorPicker(TurnCursor cursor, ByCursor choice) {
        this.cursor = cursor;
        this.choice = choice;
    }

    @Override
    public @Nullable Upstream pick(List<Upstream> tried, RequestFacts request) {
        return choice.pick(cursor, tried);
    }

    @Override
    public @Nullable Upstream peek(RequestFacts request) {
        return choice.pick(cursor.copy(), List.of());
    }
}
