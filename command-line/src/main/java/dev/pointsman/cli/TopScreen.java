package dev.pointsman.cli;

import java.time.Duration;
import java.util.List;

/** A place where frames are shown one after the other, to somebody who may want to quit. */
interface TopScreen {
    /** What has ended a wait. */
    enum Event {
        /** The time is over. */
        TIME,
        /** There is another size: what was shown has to be shown anew. */
        RESIZED,
        QUIT
    }

    TerminalSize size();

    /** How somebody can quit, in words. */
    String wayOut();

    void paint(List<TopLine> lines);

    /** Waits for something to happen, at most so long. */
    Event await(Duration longest) throws InterruptedException;
}
