package dev.pointsman.balancer.upstream;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.loop.FairReader;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A connection on its way: the handlers of its channel, with TLS where its upstream is spoken to so. What fails before the channel was
 * made and registered is no fault of the upstream's. For one event loop, but for what was made, which any thread may see.
 *
 * @param <C> the kind of the connection
 */
final class OpeningConnection<C> extends ChannelInitializer<UpstreamSocket> {
    private final ConnectionOpener opener;
    private final Upstream upstream;
    private final Instance instance;
    private final UpstreamTransport transport;
    private final List<String> alpn;
    private final ConnectionOpener.ConnectionMaker<C> maker;
    private volatile @Nullable C made;
    private volatile @Nullable InstanceTlsHandler handler;

    OpeningConnection(
            ConnectionOpener opener,
            Upstream upstream,
            UpstreamTransport transport,
            List<String> alpn,
            ConnectionOpener.ConnectionMaker<C> maker) {
        this.opener = opener;
        this.upstream = upstream;
        this.instance = upstream.instance();
        this.transport = transport;
        this.alpn = alpn;
        this.maker = maker;
    }

    Upstream upstream() {
        return upstream;
    }

    Instance instance() {
        return instance;
    }

    /** The connection; null until its channel is registered. */
    @Nullable
    C made() {
        return made;
    }

    /** What does TLS on it; null for clear text. */
    @Nullable
    InstanceTlsHandler handler() {
        return handler;
    }

    @Override
    protected void initChannel(UpstreamSocket channel) {
        if (transport.protocol().isTls()) {
            InstanceTlsHandler secured = tlsHandler(channel);
            handler = secured;
            channel.secured(secured);
            made = maker.make(upstream, instance, channel);
            // The reader counts what is on the wire, and all others see what is in it.
            ChannelPipeline pipeline = channel.pipeline();
            pipeline.addAfter(pipeline.context(FairReader.class).name(), "tls", secured);
        } else {
            made = maker.make(upstream, instance, channel);
        }
    }

    private InstanceTlsHandler tlsHandler(UpstreamSocket channel) {
        UpstreamTls tls = opener.tls();
        SSLEngine engine = tls.engine(
                channel.alloc(),
                transport.nameFor(instance.address()),
                // With one name for all, what tells them apart: a session goes on with its own instance alone.
                (31 * instance.address().hashCode() + instance.port()) & Integer.MAX_VALUE,
                !transport.skipVerify(),
                alpn);
        return new InstanceTlsHandler(
                engine, tls, opener.ticker()::now, opener.options().connect().toNanos());
    }
}
