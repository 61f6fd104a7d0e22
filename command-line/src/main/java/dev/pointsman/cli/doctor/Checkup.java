package dev.pointsman.cli.doctor;

import java.util.ArrayList;
import java.util.List;

/**
 * One part of the examination. It only looks: what it sends is harmless, and it writes nothing. It may block, for some seconds at
 * the most, and what it cannot find out is a finding, too.
 */
@FunctionalInterface
interface Checkup {
    /** More of one kind are a list that nobody reads. */
    int MOST = 12;

    /** What there is to say; nothing where the question does not arise. */
    List<Finding> findings() throws InterruptedException;

    /** Findings of one kind, of which those beyond a dozen are only counted. */
    static List<Finding> firstOf(List<Finding> all) {
        if (all.size() <= MOST) {
            return all;
        }
        List<Finding> shown = new ArrayList<>(all.subList(0, MOST));
        Finding last = all.get(MOST);
        shown.add(new Finding(
                last.level(),
                last.check(),
                last.where() + " and others",
                (all.size() - MOST) + " more of the kind above",
                last.why(),
                last.todo()));
        return shown;
    }
}
