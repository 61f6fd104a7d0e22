package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.Listener;
import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.downstream.DownstreamContext;
import dev.pointsman.balancer.downstream.OpenConnections;
import dev.pointsman.balancer.downstream.RouterRequest;
import dev.pointsman.balancer.downstream.http1.Http1Connection;
import dev.pointsman.balancer.downstream.http2.Http2ClientConnection;
import dev.pointsman.balancer.downstream.http2.PrefaceDetector;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.FairReader;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.tls.TlsFront;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.proxy.handler.ProxyHandler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a connection that a client has opened: the handlers that each has, the protocol that it speaks, and for each request
 * the way to the router, or a refusal. The only place that knows which versions of HTTP there are. For one event loop.
 */
final class ClientAcceptor implements BiConsumer<Channel, Listener> {
    /** For so long a client that is turned away may not say which version it speaks. */
    private static final Duration FIRST_WORD = Duration.ofMillis(250);

    private final ContextInternal context;
    private final DownstreamContext downstream;
    private final ConnectionLimit connectionLimit;
    private final HttpDecoderConfig limits;
    private final @Nullable TlsFront tls;
    private final EventLoopContext loop;
    private final Router router;

    /**
     * What accepts on one event loop.
     *
     * @param context that of the loop
     * @param connectionLimit shared by all loops
     * @param limits of a request in HTTP/1.1
     * @param tls what speaks TLS on the ports that do; null where none does
     * @param proxy gets the requests that are not refused
     */
    ClientAcceptor(
            ContextInternal context,
            DownstreamContext downstream,
            ConnectionLimit connectionLimit,
            HttpDecoderConfig limits,
            @Nullable TlsFront tls,
            BalancingProxy proxy,
            EventLoopContext loop) {
        this.context = context;
        this.downstream = downstream;
        this.connectionLimit = connectionLimit;
        this.limits = limits;
        this.tls = tls;
        this.loop = loop;
        this.router = Router.router(context.owner());
        router.route().handler(ProxyHandler.create(proxy));
    }

    @Override
    public void accept(Channel channel, Listener listener) {
        FairReader reader = new FairReader(downstream.turns().reads(), channel);
        channel.pipeline().addLast(downstream.turns().flushes().handler(), reader);
        if (listener.tls()) {
            beginTls(channel, reader);
        } else {
            begin(channel, reader);
        }
    }

    /** Has the handshake done first; until then the connection can be ended as others can. */
    private void beginTls(Channel channel, FairReader reader) {
        OpenConnections.Closable handshaking = () -> Channels.close(channel);
        downstream.open().opened(handshaking);
        channel.closeFuture().addListener(closed -> downstream.open().closed(handshaking));
        Objects.requireNonNull(tls, "a port with TLS, and none to speak it")
                .begin(
                        channel,
                        downstream.handshakeTimeout(),
                        downstream.turns().costly()::add,
                        done -> {
                            begin(channel, reader, done.applicationProtocol());
                            downstream.open().closed(handshaking);
                        });
    }

    /** Goes on in the protocol that was agreed on with TLS. */
    private void begin(Channel channel, FairReader reader, @Nullable String agreed) {
        if (!ApplicationProtocolNames.HTTP_2.equals(agreed)) {
            admit(beginHttp1(channel, true, reader));
            return;
        }
        Http2ClientConnection client = beginHttp2(channel, true, reader);
        if (connectionLimit.tryAcquire()) {
            client.onClose(connectionLimit::release);
        } else {
            client.turnAway();
        }
    }

    /** Begins in clear text, where only the first bytes show the protocol. */
    private void begin(Channel channel, FairReader reader) {
        boolean knowsHttp2 = downstream.rules().http2();
        PrefaceDetector detector = new PrefaceDetector();
        if (knowsHttp2) {
            channel.pipeline().addLast(detector);
        }
        Http1Connection client = beginHttp1(channel, false, reader);
        if (connectionLimit.tryAcquire()) {
            client.onClose(connectionLimit::release);
            detector.onFound(() -> {
                beginHttp2(channel, false, reader);
                client.giveWay();
            });
        } else if (knowsHttp2) {
            turnAway(channel, reader, detector, client);
        } else {
            reject(client);
        }
    }

    /** Turns a client away in the version that it speaks, as soon as it has shown which; the older one if it says nothing. */
    private void turnAway(Channel channel, FairReader reader, PrefaceDetector detector, Http1Connection client) {
        Future<?> silence = channel.eventLoop()
                .schedule(() -> detector.giveUp(channel), FIRST_WORD.toMillis(), TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> silence.cancel(false));
        detector.onFound(() -> {
            silence.cancel(false);
            Http2ClientConnection turned = beginHttp2(channel, false, reader);
            client.giveWay();
            turned.turnAway();
        });
        detector.onOther(() -> {
            silence.cancel(false);
            reject(client);
        });
    }

    private void admit(Http1Connection client) {
        if (connectionLimit.tryAcquire()) {
            client.onClose(connectionLimit::release);
        } else {
            reject(client);
        }
    }

    private static void reject(Http1Connection client) {
        client.reject(Failures.rawReply(FailureKind.TOO_MANY_CONNECTIONS));
    }

    private Http1Connection beginHttp1(Channel channel, boolean secure, FairReader reader) {
        return Http1Connection.accept(channel, secure, reader, context, limits, downstream, this::serve);
    }

    private Http2ClientConnection beginHttp2(Channel channel, boolean secure, FairReader reader) {
        return Http2ClientConnection.accept(
                channel, secure, reader, context, downstream, connectionLimit.http2(), this::serve);
    }

    private void serve(RouterRequest request) {
        ClientConnection client = ClientConnection.of(request);
        Throwable undecodable = request.decoderResult().cause();
        if (undecodable != null) {
            FailureKind kind = Failures.ofDecoding(undecodable);
            if (kind == FailureKind.TLS_IN_CLEAR_TEXT) {
                loop.failureLog().tlsInClearText(client.peer().address());
            }
            Failures.refuse(new UnroutedRequest(request, client, loop.observers()), kind);
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
        } else if (!redirected(request, client)) {
            router.handle(request);
        }
    }

    /** Whether a request in clear text was sent to https instead. */
    private boolean redirected(RouterRequest request, ClientConnection client) {
        String location = loop.httpsRedirect().locationOf(request, client);
        if (location == null) {
            return false;
        }
        UnroutedRequest unrouted = new UnroutedRequest(request, client, loop.observers());
        client.completeFields(request.response());
        request.response()
                .setStatusCode(308)
                .putHeader(HttpHeaderNames.LOCATION, location)
                .end();
        unrouted.noteEnd();
        return true;
    }
}
