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
        /** Somebody has called {@link #wake}. */
        ANSWERED,
        QUIT
    }

    TerminalSize size();

    /** How somebody can quit, in words. */
    String wayOut();

    void paint(List<TopLine> lines);

    /** Has the wait that goes on end with {@link Event#ANSWERED}, or the next one. Any thread. */
    void wake();

    /** Waits for something to happen, at most so long. */
    Event await(Duration longest) throws InterruptedException;
}
