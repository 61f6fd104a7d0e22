package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.loop.LoopCallbacks;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate before a listening port: bounds the sockets of clients that are open at a time, those that are just being rejected
 * included, and deals with connections that cannot be accepted. Clients beyond wait in the operating system's queue of the
 * port and are accepted as soon as others have left.
 *
 * <p>Where accepting fails, mostly for want of file descriptors, it is tried again after {@link #PAUSE}. Netty would log a
 * stack trace for each failure; here one line says that it began, and one that it is over. Thread-safe.
 */
public final class AcceptGate {
    static final Duration PAUSE = Duration.ofMillis(100);

    /** For so long there must have been no failure until it is said to be over. */
    static final Duration CALM = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(AcceptGate.class);

    private final String what;
    private final LongSupplier nanoTime;
    private final AtomicInteger open = new AtomicInteger();
    /** The ports that accept nobody for the time being: whoever leaves makes room for each of them. */
    private final Set<Port> fullPorts = ConcurrentHashMap.newKeySet();

    private volatile int most = Integer.MAX_VALUE;

    /**
     * A gate that bounds nothing yet.
     *
     * @param what who connects, for the log: "clients"
     */
    public AcceptGate(String what, LongSupplier nanoTime) {
        this.what = what;
        this.nanoTime = nanoTime;
    }

    /** Sets how many sockets may be open at a time; for those that are accepted from now on. */
    public void limit(int sockets) {
        most = sockets;
    }

    /** The handler for one listening port, to be put before the one that Netty accepts with. */
    ChannelHandler handler() {
        return new Port();
    }

    /** The gate of one port. All but {@link #left} and {@link #reopenSoon} happens on the loop of the port. */
    private final class Port extends ChannelInboundHandlerAdapter {
        private volatile boolean full;
        private volatile @Nullable ChannelHandlerContext here;
        private boolean failing;
        private int failures;
        private long lastFailure;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            here = context;
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            fullPorts.remove(this);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            if (failing && nanoTime.getAsLong() - lastFailure >= CALM.toNanos()) {
                failing = false;
                log.info("{} are accepted again, after {} failed attempt(s)", what, failures);
                failures = 0;
            }
            int now = open.incrementAndGet();
            Channel client = (Channel) accepted;
            client.closeFuture().addListener(closed -> closed(client));
            context.fireChannelRead(accepted);
            if (now >= most) {
                full = true;
                fullPorts.add(this);
                pause(context);
                // One may have left in between, and seen a gate that was not full.
                reopen(context);
            }
        }

        /** Counts a socket as gone: when its descriptor is free, as soon as that matters. */
        private void closed(Channel client) {
            if (open.get() < most / 2 || client.eventLoop().isShuttingDown()) {
                left();
            } else {
                LoopCallbacks.afterNextTurn(client.eventLoop(), () -> left());
            }
        }

        private void left() {
            open.decrementAndGet();
            fullPorts.forEach(Port::reopenSoon);
        }

        private void reopenSoon() {
            ChannelHandlerContext context = here;
            if (context != null && !context.isRemoved()) {
                context.channel().eventLoop().execute(() -> reopen(context));
            }
        }

        private void reopen(ChannelHandlerContext context) {
            if (full && open.get() < most) {
                full = false;
                fullPorts.remove(this);
                goOn(context);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failures++;
            lastFailure = nanoTime.getAsLong();
            if (!failing) {
                failing = true;
                log.warn(
                        "{} cannot be accepted ({}), with {} of them connected: those beyond wait until file descriptors"
                                + " are free",
                        what,
                        cause.toString(),
                        open.get());
            }
            pause(context);
            var unused = context.channel()
                    .eventLoop()
                    .schedule(() -> goOn(context), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }

        private static void pause(ChannelHandlerContext context) {
            context.channel().config().setAutoRead(false);
        }

        private void goOn(ChannelHandlerContext context) {
            if (!full && context.channel().isOpen()) {
                context.channel().config().setAutoRead(true);
            }
        }
    }
}
