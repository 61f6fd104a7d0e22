package dev.pointsman.balancer.downstream.http1;

import dev.pointsman.balancer.downstream.DownstreamContext;
import dev.pointsman.balancer.downstream.LingeringClose;
import dev.pointsman.balancer.downstream.ReceivedRequest;
import dev.pointsman.balancer.downstream.TunnelListener;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.FairReader;
import dev.pointsman.http.RequestDecoder;
import dev.pointsman.registry.OneLine;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiving side of a client's connection: the handler behind the decoder, which follows where requests begin and end,
 * passes their bodies on, and lets through nothing after the last one. Its states are drawn at
 * {@link ReceivingState}.
 */
final class RequestReceiver extends ChannelDuplexHandler implements RequestDecoder.ByteEvents {
    private static final Logger log = LoggerFactory.getLogger(RequestReceiver.class);

    private final Channel channel;
    private final ConnectionTimers timers;
    private final DownstreamContext shared;
    private final FairReader reader;
    private final LingeringClose lingering = new LingeringClose();
    private final RequestTurns turns;
    private final Http1Connection client;

    private ReceivingState state = ReceivingState.HEAD;
    private @Nullable ReceivedRequest arriving;
    private @Nullable TunnelListener tunnel;
    private @Nullable ChannelHandlerContext here;
    private int pendingResponses;
    private boolean readingNow;

    RequestReceiver(
            Http1Connection client,
            RequestTurns turns,
            Channel channel,
            ConnectionTimers timers,
            FairReader reader,
            DownstreamContext shared) {
        this.client = client;
        this.turns = turns;
        this.channel = channel;
        this.timers = timers;
        this.reader = reader;
        this.shared = shared;
    }

    private void become(ReceivingState next) {
        state = state.to(next);
    }

    @Override
    public void bytesArrived() {
        readingNow = true;
        timers.bytesArrived(state.isMidMessage());
    }

    @Override
    public void bytesDecoded(boolean anyLeft) {
        if (!anyLeft && !state.isMidMessage()) {
            timers.nothingLeft();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (state == ReceivingState.LINGERING) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request) {
            if (state == ReceivingState.HEAD) {
                begin(request);
            }
        } else if (message instanceof HttpContent content) {
            if (state.isReceivingBody() && arriving != null) {
                content(content, arriving);
            } else {
                content.release();
            }
        } else if (message instanceof ByteBuf bytes) {
            fromTunnel(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void fromTunnel(ByteBuf bytes) {
        TunnelListener open = tunnel;
        if (open != null && bytes.isReadable()) {
            timers.recordActivity();
            open.fromClient(bytes);
        } else {
            bytes.release();
        }
    }

    /** Passes on undecoded to a tunnel what comes from now on. */
    void becomeTunnel(TunnelListener listener) {
        tunnel = listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        here = added;
    }

    /** Where what goes to the client is written. */
    ChannelHandlerContext context() {
        return Objects.requireNonNull(here, "not installed");
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            client.drained();
        }
    }

    private void begin(HttpRequest request) {
        timers.stopHead();
        pendingResponses++;
        shared.rules().underscoreFields().removeFrom(request.headers());
        ReceivedRequest received = new ReceivedRequest(request);
        arriving = received;
        become(received.closes() ? ReceivingState.LAST_BODY : ReceivingState.BODY);
        if (request.decoderResult().isFailure()) {
            become(ReceivingState.MALFORMED);
        }
        turns.arrived(client.request(request, received));
        if (turns.hasManyWaiting()) {
            setReading(false);
        }
    }

    private void content(HttpContent content, ReceivedRequest received) {
        Throwable malformed = content.decoderResult().cause();
        if (malformed != null) {
            content.release();
            fail(malformed, received);
            return;
        }
        if (turns.hasWaiting() && content.content().isReadable()) {
            // Its turn has not come.
            setReading(false);
        }
        received.body().arrives(content.content());
        if (content instanceof LastHttpContent end) {
            become(state == ReceivingState.BODY ? ReceivingState.HEAD : ReceivingState.ENDED);
            timers.requestEnded();
            shared.rules().underscoreFields().removeFrom(end.trailingHeaders());
            received.body().ends(end.trailingHeaders());
            if (state == ReceivingState.ENDED && pendingResponses == 0) {
                client.close();
            } else if (pendingResponses == 0) {
                client.resumeBehindRequest();
            }
        }
    }

    private void fail(Throwable malformed, ReceivedRequest received) {
        become(ReceivingState.MALFORMED);
        log.debug("{}: {}", channel.remoteAddress(), OneLine.of(malformed.toString()));
        received.body().fails();
        if (pendingResponses == 0) {
            client.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        readingNow = false;
        ReceivedRequest received = arriving;
        if (received != null) {
            received.body().readComplete();
        }
    }

    boolean isReadingNow() {
        return readingNow;
    }

    void setReading(boolean reading) {
        reader.setReading(reading);
    }

    /** Lets no request through that has not begun to arrive. */
    void endAfterThisRequest() {
        if (state == ReceivingState.HEAD) {
            become(ReceivingState.ENDED);
        } else if (state == ReceivingState.BODY) {
            become(ReceivingState.LAST_BODY);
        }
    }

    /** Sends the client a reply without a request. */
    void reject() {
        become(ReceivingState.REJECTED);
        timers.stopHead();
        timers.startUnwantedBody();
    }

    /** Notes that the response to one of the requests has ended. */
    void responseEnded() {
        pendingResponses--;
    }

    /** Whether the head of a request may come, no part of one has come, and no response is due. */
    boolean isIdle() {
        return state == ReceivingState.HEAD && pendingResponses == 0;
    }

    /** Whether a request, or a part of one, has arrived whose response has not ended. */
    boolean hasPending() {
        return pendingResponses > 0;
    }

    ReceivingState state() {
        return state;
    }

    /** Ends the connection by a reset. */
    void reset() {
        become(ReceivingState.RESET);
        timers.stopHead();
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        Channels.close(channel);
    }

    /** Ends the connection: a client that breaks off is nothing unusual. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("{}: {}", channel.remoteAddress(), OneLine.of(cause.toString()));
        client.close();
    }

    /** Closes the connection: this side of it when all is sent, the other when the client has had time to read its response. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (state == ReceivingState.RESET) {
            channel.unsafe().flush();
            // Past what would say farewell in TLS: as if it had been cut.
            channel.unsafe().close(promise);
        } else if (state != ReceivingState.LINGERING && channel.isActive() && channel instanceof SocketChannel socket) {
            become(ReceivingState.LINGERING);
            setReading(true);
            lingering.begin(socket, context, promise, timers.now());
        } else {
            channel.unsafe().flush();
            var unused = context.close(promise);
        }
    }

    /** Ends a connection that has lingered long enough. */
    void checkLingering(long now) {
        lingering.check(now);
    }
}
