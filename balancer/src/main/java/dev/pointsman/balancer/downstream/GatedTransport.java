package dev.pointsman.balancer.downstream;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.transport.Transport;
import org.jspecify.annotations.Nullable;

/** The JDK's transport for Vert.x, with an {@link AcceptGate} before each port that is listened on. Thread-safe. */
public final class GatedTransport implements Transport {
    private final GatedNio implementation;

    public GatedTransport(AcceptGate gate) {
        implementation = new GatedNio(gate);
    }

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return implementation;
    }

    private static final class GatedNio extends NioTransport {
        private final AcceptGate gate;

        GatedNio(AcceptGate gate) {
            this.gate = gate;
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            ChannelFactory<? extends ServerChannel> plain = super.serverChannelFactory(domainSocket);
            return () -> {
                ServerChannel channel = plain.newChannel();
                channel.pipeline().addLast(gate.handler());
                return channel;
            };
        }
    }
}
