package dev.pointsman.balancer;

import dev.pointsman.balancer.history.TableChange;
import java.util.List;

/** Thrown for the version of a table that the history does not have. */
final class NoSuchTableException extends Exception {
    private static final long serialVersionUID = 1;

    NoSuchTableException(long version, List<TableChange> newest) {
        super("no table " + version + " (expected: the version of one that is kept, " + kept(newest) + ")");
    }

    private static String kept(List<TableChange> newest) {
        return newest.isEmpty()
                ? "of which there is none"
                : newest.get(newest.size() - 1).version() + " to "
                        + newest.get(0).version();
    }
}
