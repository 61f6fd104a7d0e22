package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.Listener;
import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.downstream.DownstreamContext;
import dev.pointsman.balancer.downstream.RouterRequest;
import dev.pointsman.balancer.downstream.http1.Http1Connection;
import dev.pointsman.balancer.loop.FairReader;
import dev.pointsman.balancer.resilience.FailureKind;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.proxy.handler.ProxyHandler;
import java.util.function.BiConsumer;

/**
 * What becomes of a connection that a client has opened: the handlers that each has, the protocol that it speaks, and for each request
 * the way to the router, or a refusal. The only place that knows which versions of HTTP there are. For one event loop.
 */
final class ClientAcceptor implements BiConsumer<Channel, Listener> {
    private final ContextInternal context;
    private final DownstreamContext downstream;
    private final ConnectionLimit connectionLimit;
    private final HttpDecoderConfig limits;
    private final EventLoopContext loop;
    private final Router router;

    /**
     * What accepts on one event loop.
     *
     * @param context that of the loop
     * @param connectionLimit shared by all loops
     * @param limits of a request in HTTP/1.1
     * @param proxy gets the requests that are not refused
     */
    ClientAcceptor(
            ContextInternal context,
            DownstreamContext downstream,
            ConnectionLimit connectionLimit,
            HttpDecoderConfig limits,
            BalancingProxy proxy,
            EventLoopContext loop) {
        this.context = context;
        this.downstream = downstream;
        this.connectionLimit = connectionLimit;
        this.limits = limits;
        this.loop = loop;
        this.router = Router.router(context.owner());
        router.route().handler(ProxyHandler.create(proxy));
    }

    @Override
    public void accept(Channel channel, Listener listener) {
        FairReader reader = new FairReader(downstream.turns().reads(), channel);
        channel.pipeline().addLast(downstream.turns().flushes().handler(), reader);
        Http1Connection client =
                Http1Connection.accept(channel, listener.tls(), reader, context, limits, downstream, this::serve);
        if (connectionLimit.tryAcquire()) {
            client.onClose(connectionLimit::release);
        } else {
            client.reject(Failures.rawReply(FailureKind.TOO_MANY_CONNECTIONS));
        }
    }

    private void serve(RouterRequest request) {
        ClientConnection client = ClientConnection.of(request);
        Throwable undecodable = request.decoderResult().cause();
        if (undecodable != null) {
            Failures.refuse(new UnroutedRequest(request, client, loop.observers()), Failures.ofDecoding(undecodable));
            return;
        }
        FailureKind refusal = RequestRules.refusal(request, client);
        if (refusal != null) {
            Failures.refuse(new UnroutedRequest(request, client, loop.observers()), refusal);
        } else if (RequestRules.isAboutTheProxy(request)) {
            UnroutedRequest unrouted = new UnroutedRequest(request, client, loop.observers());
            client.completeFields(request.response());
            request.response()
                    .setStatusCode(204)
                    .putHeader("allow", RequestRules.METHODS)
                    .end();
            unrouted.noteEnd();
        } else {
            router.handle(request);
        }
    }
}
