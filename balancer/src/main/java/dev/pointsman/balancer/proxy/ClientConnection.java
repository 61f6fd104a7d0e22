package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.TrustedProxies;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.upstream.Channels;
import dev.pointsman.balancer.upstream.Deadlines;
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
 * A client's connection. Stands between the decoder and Vert.x and knows what Vert.x does not tell: the end of each
 * request's body, how long someone has been at a head, and that a connection has to end after an answer.
 */
final class ClientConnection extends ChannelDuplexHandler {
    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);
    private static final AttributeKey<ClientConnection> KEY = AttributeKey.valueOf("dev.pointsman.client");

    /** How long the rest of a body is read and forgotten after an answer that did not wait for it. */
    private static final long PATIENCE_WITH_BODIES = Duration.ofSeconds(5).toNanos();

    private final HttpConnection connection;
    private final Channel channel;
    private final ProxyParts parts;
    private final Peer peer;
    private final HeadClock head;
    private final LingeringClose lingering = new LingeringClose();
    private final Queue<Received> waiting = new ArrayDeque<>(1);
    private final Patience patience = new Patience();

    private @Nullable Received arriving;
    private @Nullable Received taken;
    private String knownHost = "";
    private long lastActive;
    private long bodyUnwantedSince;
    private int unanswered;
    private boolean readingNow;
    private boolean inMessage;
    private boolean lastArrived;
    private boolean ending;
    private boolean ended;
    private boolean beyondHelp;

    ClientConnection(HttpConnection connection, Channel channel, ProxyParts parts, TrustedProxies trustedProxies) {
        this.connection = connection;
        this.channel = channel;
        this.parts = parts;
        this.peer = new Peer(connection, trustedProxies);
        this.lastActive = parts.deadlines().now();
        this.head = new HeadClock(lastActive);
        channel.attr(KEY).set(this);
        parts.deadlines().add(patience);
    }

    /** The connection that a request came on. */
    static ClientConnection of(HttpServerRequest request) {
        Channel channel = ((io.vertx.core.net.impl.ConnectionBase) request.connection()).channel();
        return Objects.requireNonNull(channel.attr(KEY).get());
    }

    Peer peer() {
        return peer;
    }

    RequestIds requestIds() {
        return parts.requestIds();
    }

    /** The decoder is about to look at octets that have arrived. */
    void octetsArrive() {
        lastActive = parts.deadlines().now();
        readingNow = true;
        if (!inMessage) {
            head.octetsArrive(lastActive);
        }
    }

    /** The decoder has seen what there is; perhaps a part of a head is left. */
    void octetsDecoded(boolean anyLeft) {
        if (!inMessage && !anyLeft) {
            head.nothingLeft();
        }
    }

    /**
     * Reads no further, so that the client has to wait, or goes on. Of the socket: Vert.x, asked to pause a request, would
     * go on reading until it holds eight pieces, half a megabyte.
     */
    void setReading(boolean reading) {
        channel.config().setAutoRead(reading);
    }

    /** Something went to the client. */
    void active() {
        lastActive = parts.deadlines().now();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (lingering.hasBegun()) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request) {
            if (lastArrived) {
                // The client said that it would send no more, or was told that it would not be read.
                return;
            }
            begin(request);
            context.fireChannelRead(message);
        } else if (message instanceof HttpContent content) {
            content(context, content);
        } else {
            lastActive = parts.deadlines().now();
            context.fireChannelRead(message);
        }
    }

    private void begin(HttpRequest request) {
        inMessage = true;
        head.stop();
        unanswered++;
        Received received = new Received(request.headers());
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
        Received received = arriving;
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
            // Vert.x waits for the end of a request; its body is none of its business.
            context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
            body.ends(end.trailingHeaders());
            if (ending && unanswered == 0) {
                connection.close();
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        readingNow = false;
        Received body = arriving;
        if (body != null) {
            body.body().readComplete();
        }
        context.fireChannelReadComplete();
    }

    /** Whether octets that have arrived are just being looked at, and more may come of them before the loop goes on. */
    boolean isReadingNow() {
        return readingNow;
    }

    private void failed(Throwable malformed) {
        lastArrived = true;
        beyondHelp = true;
        log.debug("{}: {}", peer.address(), malformed.toString());
        if (arriving != null) {
            arriving.body().fails();
        }
        if (unanswered == 0) {
            connection.close();
        }
    }

    /**
     * To be called for each request in turn, before it is answered. False if it must not be: the connection ended with
     * the answer before.
     */
    boolean take(HttpServerRequest request) {
        if (ended) {
            return false;
        }
        Received next = waiting.poll();
        // The next request may be taken before its predecessor's answer is known to have ended.
        request.response().endHandler(ended -> answered(next));
        taken = next;
        ending |= next != null && next.closes();
        return true;
    }

    /** What was received of the request that was taken last. */
    Received received() {
        return Objects.requireNonNull(taken, "a request that was not received");
    }

    /** Whether this host was found to be valid before; most clients name the same one in all their requests. */
    boolean knowsHost(String host) {
        return host.equals(knownHost);
    }

    void rememberHost(String host) {
        knownHost = host;
    }

    /** What came after a wish for another protocol. */
    byte[] takeRest() {
        ExactRequestDecoder decoder = ExactRequestDecoder.of(channel);
        return decoder == null ? new byte[0] : decoder.takeRest();
    }

    /** Where octets can be written that are not to be encoded, or null once this is no HTTP any more. */
    @Nullable
    ChannelHandlerContext encoder() {
        return channel.pipeline().context("httpEncoder");
    }

    /** To be called when all other fields of an answer are there: dates it, and tells if the connection ends with it. */
    void completeFields(HttpServerResponse response) {
        parts.answerDate().addIfMissing(response.headers());
        if (ending || parts.drain().isDraining()) {
            ending = true;
            lastArrived = true;
            // In the last moment: to HTTP/1.0 Vert.x says keep-alive on its own.
            response.headersEndHandler(
                    written -> response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaders.CLOSE));
        }
    }

    /** The connection ends with the answer that is being given. */
    void endAfterAnswer() {
        ending = true;
        lastArrived = true;
    }

    private void answered(@Nullable Received request) {
        unanswered--;
        if (request != null) {
            request.body().forget();
            if (request == taken) {
                setReading(true);
            }
        }
        ended = ending;
        lastActive = parts.deadlines().now();
        head.startAgain(lastActive);
        if (beyondHelp && unanswered == 0) {
            connection.close();
        } else if (inMessage && unanswered == 0) {
            bodyUnwantedSince = lastActive;
        } else if (ending) {
            connection.close();
        } else {
            ExactRequestDecoder decoder = ExactRequestDecoder.of(channel);
            if (decoder != null) {
                decoder.goOn();
            }
        }
    }

    /** Answers someone who has brought no request to be answered, and ends the connection. */
    void turnAway(FailureKind kind) {
        lastArrived = true;
        inMessage = true;
        RawReply.send(channel, kind);
    }

    /** Ends the connection so that the client cannot take what it got for a whole answer. */
    void reset() {
        inMessage = false;
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        Channels.close(channel);
    }

    /** Ends the connection, at once or when the client has had the chance to read its answer. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (inMessage && !lingering.hasBegun() && channel.isActive() && channel instanceof SocketChannel socket) {
            lingering.begin(socket, context, promise, parts.deadlines().now());
        } else {
            var unused = context.close(promise);
        }
    }

    void closed() {
        parts.deadlines().remove(patience);
        waiting.forEach(received -> received.body().forget());
        if (taken != null) {
            taken.body().forget();
        }
    }

    /** Ends connections that hold a place without using it. */
    private final class Patience extends Deadlines.Watched {
        @Override
        protected void check(long now) {
            if (lingering.hasBegun()) {
                lingering.check(now);
            } else if (unanswered == 0 && head.isOver(now, parts.limits().head().toNanos())) {
                if (head.hasOctets()) {
                    turnAway(FailureKind.HEAD_TIMEOUT);
                } else {
                    Channels.close(channel);
                }
            } else if (unanswered == 0 && inMessage && now - bodyUnwantedSince > PATIENCE_WITH_BODIES) {
                Channels.close(channel);
            } else if (now - lastActive > parts.limits().idle().toNanos()) {
                Channels.close(channel);
            }
        }
    }
}
