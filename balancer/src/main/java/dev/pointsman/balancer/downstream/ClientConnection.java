package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.TimeoutTicker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of a client. A handler between the decoder and Vert.x that keeps what Vert.x does not tell: the end of
 * each request's body, how long a head has been on its way, and that the connection has to end after a response.
 */
public final class ClientConnection extends ChannelDuplexHandler {
    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);
    private static final AttributeKey<ClientConnection> KEY = AttributeKey.valueOf("dev.pointsman.client");

    /** How long the rest of a body is read and forgotten after a response that did not wait for it. */
    private static final long UNREAD_BODY_TIMEOUT = Duration.ofSeconds(5).toNanos();

    private final HttpConnection connection;
    private final Channel channel;
    private final DownstreamContext shared;
    private final Peer peer;
    private final HeaderTimeout head;
    private final LingeringClose lingering = new LingeringClose();
    private final Queue<ReceivedRequest> waiting = new ArrayDeque<>(1);
    private final Timeouts timeouts = new Timeouts();

    private @Nullable ReceivedRequest arriving;
    private @Nullable ReceivedRequest taken;
    private String knownHost = "";
    private long lastActive;
    private long bodyUnwantedSince;
    private int pendingResponses;
    private boolean readingNow;
    private boolean inMessage;
    private boolean lastArrived;
    private boolean ending;
    private boolean ended;
    private boolean undecodable;

    /**
     * A connection that was just accepted.
     *
     * @param channel the one that Vert.x serves the connection on
     */
    public ClientConnection(HttpConnection connection, Channel channel, DownstreamContext shared) {
        this.connection = connection;
        this.channel = channel;
        this.shared = shared;
        this.peer = new Peer(connection, shared.trustedProxies());
        this.lastActive = shared.ticker().now();
        this.head = new HeaderTimeout(lastActive);
        channel.attr(KEY).set(this);
        shared.ticker().add(timeouts);
    }

    /** The connection that a request came on. */
    public static ClientConnection of(HttpServerRequest request) {
        Channel channel = ((io.vertx.core.net.impl.ConnectionBase) request.connection()).channel();
        return Objects.requireNonNull(channel.attr(KEY).get());
    }

    /** The client at the other end. */
    public Peer peer() {
        return peer;
    }

    /** The maker of ids for the requests that come here. */
    public RequestIds requestIds() {
        return shared.requestIds();
    }

    /** The decoder is about to look at bytes that have arrived. */
    void bytesArrived() {
        lastActive = shared.ticker().now();
        readingNow = true;
        if (!inMessage) {
            head.bytesArrived(lastActive);
        }
    }

    /** The decoder has seen what there is; perhaps a part of a head is left. */
    void bytesDecoded(boolean anyLeft) {
        if (!inMessage && !anyLeft) {
            head.nothingLeft();
        }
    }

    /**
     * Reads no further, so that the client has to wait, or goes on. Of the socket: Vert.x, asked to pause a request,
     * would go on reading until it holds eight pieces, half a megabyte.
     */
    public void setReading(boolean reading) {
        channel.config().setAutoRead(reading);
    }

    /** Something went to the client. */
    public void recordActivity() {
        lastActive = shared.ticker().now();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (lingering.hasBegun()) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request) {
            if (lastArrived) {
                // The client announced that it would send no more, or was told that no more would be read.
                return;
            }
            begin(request);
            context.fireChannelRead(message);
        } else if (message instanceof HttpContent content) {
            content(context, content);
        } else {
            lastActive = shared.ticker().now();
            context.fireChannelRead(message);
        }
    }

    private void begin(HttpRequest request) {
        inMessage = true;
        head.stop();
        pendingResponses++;
        ReceivedRequest received = new ReceivedRequest(request.headers());
        arriving = received;
        waiting.add(received);
        lastArrived = received.closes();
    }

    private void content(ChannelHandlerContext context, HttpContent content) {
        if (!inMessage) {
            content.release();
            return;
        }
        Throwable malformed = content.decoderResult().cause();
        if (malformed != null) {
            content.release();
            failed(malformed);
            return;
        }
        ReceivedRequest received = arriving;
        if (received == null) {
            content.release();
            return;
        }
        if (received != taken && content.content().isReadable()) {
            // Its turn has not come.
            setReading(false);
        }
        ArrivingBody body = received.body();
        body.arrives(content.content());
        if (content instanceof LastHttpContent end) {
            inMessage = false;
            // Vert.x waits for the end of a request; its body does not pass through it.
            context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
            body.ends(end.trailingHeaders());
            if (ending && pendingResponses == 0) {
                connection.close();
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        readingNow = false;
        ReceivedRequest body = arriving;
        if (body != null) {
            body.body().readComplete();
        }
        context.fireChannelReadComplete();
    }

    /** Whether bytes that have arrived are just being looked at, and more may come of them before the loop goes on. */
    public boolean isReadingNow() {
        return readingNow;
    }

    private void failed(Throwable malformed) {
        lastArrived = true;
        undecodable = true;
        log.debug("{}: {}", peer.address(), malformed.toString());
        if (arriving != null) {
            arriving.body().fails();
        }
        if (pendingResponses == 0) {
            connection.close();
        }
    }

    /**
     * To be called for each request in turn, before it is served. False if it must not be: the connection ended with
     * the response before.
     */
    public boolean take(HttpServerRequest request) {
        if (ended) {
            return false;
        }
        ReceivedRequest next = waiting.poll();
        // The next request may be taken before its predecessor's response is known to have ended.
        request.response().endHandler(ended -> responseEnded(next));
        taken = next;
        ending |= next != null && next.closes();
        return true;
    }

    /** What was received of the request that was taken last. */
    public ReceivedRequest received() {
        return Objects.requireNonNull(taken, "a request that was not received");
    }

    /** Whether this host was found to be valid before; most clients name the same one in all their requests. */
    public boolean knowsHost(String host) {
        return host.equals(knownHost);
    }

    /** Remembers a host that was found to be valid, see {@link #knowsHost}. */
    public void rememberHost(String host) {
        knownHost = host;
    }

    /** The bytes that came after a request for another protocol. */
    public byte[] takeRemainingBytes() {
        StrictRequestDecoder decoder = StrictRequestDecoder.of(channel);
        return decoder == null ? new byte[0] : decoder.takeRemainingBytes();
    }

    /** Where bytes can be written that are not to be encoded, or null once this is no HTTP any more. */
    @Nullable
    public ChannelHandlerContext encoder() {
        return channel.pipeline().context("httpEncoder");
    }

    /**
     * To be called when all other fields of a response are there: dates it, and tells if the connection ends with it.
     */
    public void completeFields(HttpServerResponse response) {
        shared.responseDate().addIfMissing(response.headers());
        if (ending || shared.drain().isDraining()) {
            ending = true;
            lastArrived = true;
            // In the last moment: to HTTP/1.0 Vert.x says keep-alive on its own.
            response.headersEndHandler(
                    written -> response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaders.CLOSE));
        }
    }

    /** The connection ends with the response that is being given. */
    public void closeAfterResponse() {
        ending = true;
        lastArrived = true;
    }

    private void responseEnded(@Nullable ReceivedRequest request) {
        pendingResponses--;
        if (request != null) {
            request.body().discard();
            if (request == taken) {
                setReading(true);
            }
        }
        ended = ending;
        lastActive = shared.ticker().now();
        head.restart(lastActive);
        if (undecodable && pendingResponses == 0) {
            connection.close();
        } else if (inMessage && pendingResponses == 0) {
            bodyUnwantedSince = lastActive;
        } else if (ending) {
            connection.close();
        } else {
            StrictRequestDecoder decoder = StrictRequestDecoder.of(channel);
            if (decoder != null) {
                decoder.resume();
            }
        }
    }

    /** Replies to a client that has brought no request, and ends the connection. */
    public void reject(RawReply reply) {
        lastArrived = true;
        inMessage = true;
        reply.send(channel);
    }

    /** Ends the connection so that the client cannot take what it got for a whole response. */
    public void reset() {
        inMessage = false;
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        Channels.close(channel);
    }

    /** Ends the connection, at once or when the client has had the chance to read its response. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (inMessage && !lingering.hasBegun() && channel.isActive() && channel instanceof SocketChannel socket) {
            lingering.begin(socket, context, promise, shared.ticker().now());
        } else {
            var unused = context.close(promise);
        }
    }

    /** To be called once the channel is closed. */
    public void closed() {
        shared.ticker().remove(timeouts);
        waiting.forEach(received -> received.body().discard());
        if (taken != null) {
            taken.body().discard();
        }
    }

    /** The timeouts of this connection: of a head, of an unread body, of silence. */
    private final class Timeouts extends TimeoutTicker.Watched {
        @Override
        protected void check(long now) {
            if (lingering.hasBegun()) {
                lingering.check(now);
            } else if (pendingResponses == 0
                    && head.isExceeded(now, shared.limits().head().toNanos())) {
                if (head.hasBytes()) {
                    reject(shared.headTimeout());
                } else {
                    Channels.close(channel);
                }
            } else if (pendingResponses == 0 && inMessage && now - bodyUnwantedSince > UNREAD_BODY_TIMEOUT) {
                Channels.close(channel);
            } else if (now - lastActive > shared.limits().idle().toNanos()) {
                Channels.close(channel);
            }
        }
    }
}
