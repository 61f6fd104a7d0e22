package dev.pointsman.balancer.loop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The way from a future of Netty back to an event loop. Netty completes most futures of a channel on the channel's loop, but
 * not all of them: where no channel could be made or registered there is no such loop, and the failure is reported on a
 * thread of the process's own. What belongs to a loop must not run there.
 */
public final class LoopCallbacks {
    /** What is due later than now is looked at after the selector only, in milliseconds. */
    private static final int NEXT_TURN = 1;

    private LoopCallbacks() {}

    /**
     * Calls back on the loop once the future is done, whichever thread completes it: at once where that is the loop's own
     * thread. Not at all once the loop has ended, as nothing of it is left then.
     */
    public static <F extends Future<?>> void whenDone(F future, EventLoop loop, Consumer<F> callback) {
        future.addListener(done -> {
            if (loop.inEventLoop()) {
                callback.accept(future);
            } else if (!loop.isShuttingDown()) {
                loop.execute(() -> callback.accept(future));
            }
        });
    }

    /**
     * Calls back when the loop has been through its selector once more. The JDK gives the file descriptor of a channel that
     * was closed back there, and not when it is closed. To be called on the loop.
     */
    public static void afterNextTurn(EventLoop loop, Runnable callback) {
        var unused = loop.schedule(callback, NEXT_TURN, TimeUnit.MILLISECONDS);
    }
}
