package dev.pointsman.balancer.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of an event loop have to send, sent together at the end of the loop's turn. One by one, each in
 * between of reading others, costs a sixth more: the other side is woken up for each single message, finds nothing
 * further, and sleeps again; docs/benchmarks.md has the figures. For that loop.
 */
public final class TurnFlushes {
    /** Connections; no message waits for more of them to be dealt with before it is sent. */
    static final int MOST_WAITING = 32;

    /** Bytes of one connection that are not worth waiting with: what they cost is not the waking up. */
    static final int LARGE = 16 * 1024;

    private final Executor turnEnd;
    private final Runnable endOfTurn = this::endOfTurn;
    private final List<Sender> waiting = new ArrayList<>(MOST_WAITING);
    private boolean awaitsEnd;
    private boolean sending;

    /** A connection that has something to send. */
    public interface Sender {
        /**
         * Sends it.
         *
         * @param turnIsOver whether all that had arrived when the turn began was read by now, as far as connections read in a turn
         */
        void sendNow(boolean turnIsOver);
    }

    /**
     * The flushes of one loop.
     *
     * @param turnEnd runs what it is given at the end of the loop's turn: the loop
     */
    public TurnFlushes(Executor turnEnd) {
        this.turnEnd = turnEnd;
    }

    /** Has what a connection has written sent at the end of this turn, or before. To be called once until it is sent. */
    public void add(Sender sender) {
        waiting.add(sender);
        if (waiting.size() >= MOST_WAITING) {
            send(false);
        } else {
            awaitEnd();
        }
    }

    private void awaitEnd() {
        if (!awaitsEnd) {
            awaitsEnd = true;
            turnEnd.execute(endOfTurn);
        }
    }

    private void endOfTurn() {
        awaitsEnd = false;
        send(true);
    }

    private void send(boolean turnIsOver) {
        if (sending) {
            return;
        }
        sending = true;
        int begun = 0;
        try {
            // Sending to one may have another one send.
            while (begun < waiting.size()) {
                waiting.get(begun++).sendNow(turnIsOver);
            }
        } finally {
            sending = false;
            waiting.subList(0, begun).clear();
            if (!waiting.isEmpty()) {
                awaitEnd();
            }
        }
    }

    /** Whether so much is written on a channel that it is better sent at once. */
    public static boolean isLarge(Channel channel) {
        ChannelOutboundBuffer written = channel.unsafe().outboundBuffer();
        return written == null || written.totalPendingWriteBytes() >= LARGE;
    }

    /** A handler, to be the first of its connection, that waits with flushes for the end of the turn. */
    public ChannelOutboundHandlerAdapter handler() {
        return new Waiting();
    }

    private final class Waiting extends ChannelOutboundHandlerAdapter implements Sender {
        private @Nullable ChannelHandlerContext here;
        private boolean waits;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            here = context;
        }

        @Override
        public void flush(ChannelHandlerContext context) {
            if (isLarge(context.channel())) {
                context.flush();
            } else if (!waits) {
                waits = true;
                add(this);
            }
        }

        /** What was to be sent is sent before, such as the alert that says why a handshake has failed. */
        @Override
        public void close(ChannelHandlerContext context, ChannelPromise promise) {
            if (waits) {
                context.flush();
            }
            var unused = context.close(promise);
        }

        @Override
        public void sendNow(boolean turnIsOver) {
            waits = false;
            ChannelHandlerContext context = here;
            if (context != null) {
                context.flush();
            }
        }
    }
}
