package dev.pointsman.balancer.upstream;

import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The room for connections to upstreams, over all event loops: how many may be open at a time. There are never more busy ones
 * than clients' connections, which are limited; the idle ones come on top, and make room when it gets narrow. Thread-safe.
 */
public final class UpstreamRoom {
    /** Room for any number of connections. */
    public static final int ANY = Integer.MAX_VALUE;

    private final int most;
    private final SelectorProvider sockets;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder opened = new LongAdder();
    private final List<ConnectionOpener> loops = new CopyOnWriteArrayList<>();

    /** Room for so many connections; {@link #ANY} for no limit. */
    public UpstreamRoom(int most) {
        this(most, SelectorProvider.provider());
    }

    /**
     * Room for so many connections.
     *
     * @param sockets opens their sockets
     */
    public UpstreamRoom(int most, SelectorProvider sockets) {
        this.most = most;
        this.sockets = sockets;
    }

    /** Opens the socket of a connection; throws Netty's ChannelException if there is none to be had. */
    UpstreamSocket newSocket() {
        return new UpstreamSocket(sockets);
    }

    void join(ConnectionOpener opener) {
        loops.add(opener);
    }

    void leave(ConnectionOpener opener) {
        loops.remove(opener);
    }

    /** Counts a connection that is about to be opened; false if an idle one has to be closed for it. */
    boolean enter() {
        opened.increment();
        return open.incrementAndGet() <= most;
    }

    /** How many connections are open, those that are being opened included. */
    public int open() {
        return open.get();
    }

    /** How many were opened since the start, or tried to. */
    public long opened() {
        return opened.sum();
    }

    /** Whether it matters when exactly the descriptor of a closed connection is free again. */
    boolean isTight() {
        return open.get() >= most / 2;
    }

    /** Counts a connection that was closed, or could not be opened. */
    void exit() {
        open.decrementAndGet();
    }

    /** Has the other loops close an idle connection each, on their own threads. */
    void askOthers(ConnectionOpener asking) {
        for (ConnectionOpener other : loops) {
            if (other != asking && !other.loop().isShuttingDown()) {
                other.loop().execute(other::closeOneIdle);
            }
        }
    }
}
