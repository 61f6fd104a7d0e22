package dev.pointsman.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The guard of one connection: a handler between decoder and Vert.x that holds it to {@link PortLimits} and
 * {@link CallerRule}. What it refuses gets one sentence, and is the last on its connection. For the connection's event
 * loop.
 */
final class ConnectionGuard extends ChannelDuplexHandler implements RequestDecoder.ByteEvents {
    private static final String ENCODER = "httpEncoder";
    private static final String VERTX = "handler";
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Channel channel;
    private final PortLimits limits;
    private final CallerRule callers;
    private final GuardedServer.RefusalForm form;
    private final LongSupplier nanoTime;

    private @Nullable ChannelHandlerContext own;
    private Receiving state = Receiving.HEAD;
    private long since;
    private boolean headBegun;
    private long bodyBytes;
    /** The responses that are owed, and whether a part of the first of them was written. */
    private int owed;

    private boolean responding;
    private boolean replied;
    private @Nullable PortRefusal whenNothingIsOwed;
    private long unsent;
    private long unsentSince;

    private enum Receiving {
        /** Nothing of a request. */
        IDLE,
        /** A head; at a connection's start before its first byte. */
        HEAD,
        BODY,
        /** Nothing that counts: the last request was refused. */
        REFUSED,
        /** Nothing that counts: our side is closed, and the client's is waited for (RFC 9112, 9.6). */
        LINGERING
    }

    ConnectionGuard(
            Channel channel,
            PortLimits limits,
            CallerRule callers,
            GuardedServer.RefusalForm form,
            LongSupplier nanoTime) {
        this.channel = channel;
        this.limits = limits;
        this.callers = callers;
        this.form = form;
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** Begins to guard the connection. */
    void install(HttpServerOptions options) {
        new GuardedDecoder(options, this).install(channel);
        channel.pipeline().addBefore(VERTX, "guard", this);
        scheduleCheck();
    }

    /** Calls back once the connection is closed. */
    void onClose(Runnable callback) {
        channel.closeFuture().addListener(closed -> callback.run());
    }

    private static final class GuardedDecoder extends RequestDecoder {
        GuardedDecoder(HttpServerOptions options, ByteEvents events) {
            super(limitsOf(options), events);
        }

        void install(Channel channel) {
            replaceVertxOn(channel);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        own = context;
    }

    @Override
    public void bytesArrived() {
        if (state == Receiving.IDLE) {
            become(Receiving.HEAD);
        }
        headBegun = true;
    }

    @Override
    public void bytesDecoded(boolean anyLeft) {
        if (anyLeft && state == Receiving.IDLE) {
            become(Receiving.HEAD);
        }
        headBegun = anyLeft;
    }

    private void become(Receiving next) {
        state = next;
        since = nanoTime.getAsLong();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (state == Receiving.REFUSED || state == Receiving.LINGERING) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request) {
            head(context, request);
        } else if (message instanceof HttpContent content) {
            body(context, content);
        } else {
            context.fireChannelRead(message);
        }
    }

    private void head(ChannelHandlerContext context, HttpRequest request) {
        Throwable undecodable = request.decoderResult().cause();
        PortRefusal refusal = undecodable == null ? refusal(request) : PortRefusal.ofDecoding(undecodable);
        if (refusal != null) {
            ReferenceCountUtil.release(request);
            refuse(refusal);
            return;
        }
        owed++;
        bodyBytes = 0;
        become(Receiving.BODY);
        context.fireChannelRead(request);
    }

    private @Nullable PortRefusal refusal(HttpRequest request) {
        HttpHeaders fields = request.headers();
        List<String> hosts = fields.getAll(HttpHeaderNames.HOST);
        boolean hasHost = hosts.isEmpty()
                ? request.protocolVersion().equals(HttpVersion.HTTP_1_0)
                : hosts.size() == 1 && Authority.isValidHost(hosts.get(0));
        if (!hasHost) {
            return PortRefusal.BAD_HOST;
        }
        List<String> codings = fields.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        boolean chunkedAtMost = codings.isEmpty()
                || (codings.size() == 1
                        && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
                                codings.get(0).strip()));
        if (!chunkedAtMost) {
            return PortRefusal.UNKNOWN_CODING;
        }
        boolean loopback = channel.localAddress() instanceof InetSocketAddress local
                && local.getAddress() != null
                && local.getAddress().isLoopbackAddress();
        PortRefusal foreign = callers.refusal(request.uri(), fields, loopback);
        return foreign == null && statedLength(fields) > limits.maxBody() ? PortRefusal.BODY_TOO_LARGE : foreign;
    }

    /** The length that a body is stated to have, which the decoder has found to be a number. */
    private static long statedLength(HttpHeaders fields) {
        String length = fields.get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length.strip());
    }

    private void body(ChannelHandlerContext context, HttpContent content) {
        bodyBytes += content.content().readableBytes();
        boolean malformed = content.decoderResult().isFailure();
        if (malformed || bodyBytes > limits.maxBody()) {
            content.release();
            refuseBody(malformed ? PortRefusal.BAD_BODY : PortRefusal.BODY_TOO_LARGE);
            return;
        }
        if (content instanceof LastHttpContent) {
            become(Receiving.IDLE);
        }
        context.fireChannelRead(content);
    }

    /** Refuses what no handler has seen anything of, after the responses to what was before it. */
    void refuse(PortRefusal refusal) {
        become(Receiving.REFUSED);
        if (owed == 0) {
            reply(refusal);
        } else {
            whenNothingIsOwed = refusal;
        }
    }

    /** Refuses the request whose body is arriving; its handler's response does not count any more. */
    private void refuseBody(PortRefusal refusal) {
        become(Receiving.REFUSED);
        if (owed == 1 && !responding) {
            reply(refusal);
        } else {
            // Responded already, perhaps in this very turn: what was written must have gone out before.
            sendThenLinger(Unpooled.EMPTY_BUFFER);
        }
    }

    private void reply(PortRefusal refusal) {
        replied = true;
        sendThenLinger(Unpooled.copiedBuffer(text(refusal), StandardCharsets.US_ASCII));
    }

    private void sendThenLinger(ByteBuf last) {
        ChannelHandlerContext beforeEncoding = channel.pipeline().context(ENCODER);
        if (beforeEncoding == null) {
            last.release();
            closeNow();
            return;
        }
        // Past the encoder, which would not know what it belongs to.
        beforeEncoding.writeAndFlush(last).addListener(sent -> linger());
    }

    private String text(PortRefusal refusal) {
        boolean json = form == GuardedServer.RefusalForm.JSON;
        String body = json
                ? "{\"error\": \"" + refusal.sentence() + "\"}\n"
                : refusal.status() + " " + refusal.sentence() + "\n";
        return "HTTP/1.1 " + HttpResponseStatus.valueOf(refusal.status()) + "\r\n"
                + "Content-Type: " + (json ? "application/json" : "text/plain; charset=utf-8") + "\r\n"
                + "Cache-Control: no-store\r\n"
                + "Content-Length: " + body.length() + "\r\n"
                + (refusal.status() == 503 ? "Retry-After: 1\r\n" : "")
                + "Connection: close\r\n\r\n"
                + body;
    }

    /** Ends our side, so that a client that is still sending can read the response before all ends. */
    private void linger() {
        if (!(channel instanceof SocketChannel socket) || !channel.isActive()) {
            closeNow();
            return;
        }
        become(Receiving.LINGERING);
        channel.config().setAutoRead(true);
        var unusedToo = socket.shutdownOutput();
        var unused = channel.eventLoop().schedule(this::closeNow, LINGER.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Closes the channel from here, since Vert.x would wait until all that it has written is read. */
    private void closeNow() {
        ChannelHandlerContext context = own;
        if (context != null) {
            var unused = context.close();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (replied) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        responding |= message instanceof HttpResponse && !interim;
        boolean ends = message instanceof LastHttpContent && !interim;
        var unused = context.write(message, promise);
        if (ends) {
            responseEnded();
        }
    }

    private void responseEnded() {
        responding = false;
        owed--;
        if (state == Receiving.IDLE) {
            since = nanoTime.getAsLong();
        }
        PortRefusal refusal = whenNothingIsOwed;
        if (owed == 0 && refusal != null) {
            whenNothingIsOwed = null;
            // Behind what is being written.
            channel.eventLoop().execute(() -> reply(refusal));
        }
    }

    /** Closes the connection; where a body is still arriving, once its client has had time to read the response. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (state == Receiving.BODY && channel.isActive()) {
            channel.closeFuture().addListener(closed -> promise.trySuccess());
            linger();
        } else {
            var unused = context.close(promise);
        }
    }

    private void scheduleCheck() {
        long every = limits.checkEvery().toNanos();
        // It fails only if the loop ends, and the connection with it.
        var unused = channel.eventLoop().schedule(this::check, every, TimeUnit.NANOSECONDS);
    }

    private void check() {
        if (!channel.isOpen()) {
            return;
        }
        long now = nanoTime.getAsLong();
        boolean unread = isUnread(now);
        long waited = now - since;
        switch (state) {
            case IDLE ->
                closeIf(owed == 0 && unsent == 0 && waited > limits.idle().toNanos());
            case HEAD -> {
                if (owed == 0 && waited > limits.head().toNanos()) {
                    if (headBegun) {
                        refuse(PortRefusal.HEAD_TIMEOUT);
                    } else {
                        closeNow();
                    }
                }
            }
            case BODY -> {
                if (waited > limits.body().toNanos()) {
                    refuseBody(PortRefusal.BODY_TIMEOUT);
                }
            }
            case REFUSED, LINGERING -> {
                // It ends by itself.
            }
        }
        closeIf(unread);
        scheduleCheck();
    }

    private void closeIf(boolean over) {
        if (over) {
            closeNow();
        }
    }

    /** Whether the client has read nothing for too long of what waits to be sent to it. */
    private boolean isUnread(long now) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        long waiting = buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
        if (waiting == 0 || waiting != unsent) {
            if (waiting == 0 && unsent > 0 && state == Receiving.IDLE) {
                since = now;
            }
            unsent = waiting;
            unsentSince = now;
        }
        return waiting > 0 && now - unsentSince > limits.idle().toNanos();
    }
}
