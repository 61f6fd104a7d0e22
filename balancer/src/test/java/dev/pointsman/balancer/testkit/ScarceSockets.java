package dev.pointsman.balancer.testkit;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.atomic.AtomicInteger;

/** Sockets that cannot be opened when a test says so, as if all file descriptors were in use. */
public final class ScarceSockets extends SelectorProvider {
    private final SelectorProvider plain = SelectorProvider.provider();
    private final AtomicInteger missing = new AtomicInteger();

    /** How many of the next sockets cannot be opened. */
    public void missing(int sockets) {
        missing.set(sockets);
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        if (missing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IOException("Too many open files");
        }
        return plain.openSocketChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return plain.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return plain.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return plain.openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return plain.openSelector();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return plain.openServerSocketChannel();
    }
}
