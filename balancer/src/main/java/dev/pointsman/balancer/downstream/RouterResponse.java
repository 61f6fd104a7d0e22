package dev.pointsman.balancer.downstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The response to a request, in the form that handlers of Vert.x take and in whichever version of HTTP its client speaks. What is written is on its way when a
 * method returns, and its futures are done then: that a client is gone is told to the handler of exceptions, once. For one
 * event loop.
 */
public final class RouterResponse extends RouterResponseHead {
    private static final Future<Void> DONE = Future.succeededFuture();

    private final ClientConnection client;
    private final RouterRequest request;
    private final ResponseWriter writer;
    private @Nullable Handler<Throwable> exceptionHandler;
    private @Nullable Handler<Void> drainHandler;
    private @Nullable Handler<Void> endHandler;
    private boolean headWritten;
    private boolean ended;
    private boolean closed;
    private long bytesWritten;

    RouterResponse(ClientConnection client, RouterRequest request, ResponseWriter writer) {
        this.client = client;
        this.request = request;
        this.writer = writer;
    }

    /** The way to the client that it is for. */
    ClientConnection client() {
        return client;
    }

    /** Called with the failure when the client's connection ends before the response does. */
    @Override
    public HttpServerResponse exceptionHandler(@Nullable Handler<Throwable> handler) {
        exceptionHandler = handler;
        return this;
    }

    @Override
    public HttpServerResponse drainHandler(@Nullable Handler<Void> handler) {
        drainHandler = handler;
        return this;
    }

    /** Called when the response, or its connection, has ended. */
    @Override
    public HttpServerResponse endHandler(@Nullable Handler<Void> handler) {
        endHandler = handler;
        return this;
    }

    /** As {@link #endHandler}. */
    @Override
    public HttpServerResponse closeHandler(@Nullable Handler<Void> handler) {
        return endHandler(handler);
    }

    @Override
    public boolean writeQueueFull() {
        return !closed && writer.isFull();
    }

    /** Sends the head alone. */
    @Override
    public Future<Void> writeHead() {
        return send(Unpooled.EMPTY_BUFFER);
    }

    @Override
    public Future<Void> write(String chunk, String charset) {
        return send(Unpooled.copiedBuffer(chunk, Charset.forName(charset)));
    }

    @Override
    public Future<Void> write(String chunk) {
        return send(Unpooled.copiedBuffer(chunk, StandardCharsets.UTF_8));
    }

    @Override
    public Future<Void> write(Buffer data) {
        return send(Unpooled.copiedBuffer(((BufferInternal) data).getByteBuf()));
    }

    /**
     * Sends a piece of the body, and the head before the first.
     *
     * @param piece released when it is sent
     */
    Future<Void> send(ByteBuf piece) {
        if (closed || ended) {
            return refused(piece);
        }
        add(piece);
        writer.flush();
        return DONE;
    }

    private static Future<Void> refused(ByteBuf piece) {
        piece.release();
        return Future.failedFuture(new HttpClosedException("the response is over"));
    }

    private void add(ByteBuf given) {
        ByteBuf piece = given;
        if (isBodiless() && given.isReadable()) {
            // Such as the sentence of a router about a fault, to HEAD.
            given.release();
            piece = Unpooled.EMPTY_BUFFER;
        }
        bytesWritten += piece.readableBytes();
        if (headWritten) {
            writer.writeBody(piece);
        } else {
            headWritten = true;
            writer.writeHead(status(), fields(), piece, isBodiless());
        }
    }

    private boolean isBodiless() {
        int code = status().code();
        return request.method().equals(HttpMethod.HEAD) || code == 204 || code == 304 || code < 200;
    }

    @Override
    public Future<Void> writeContinue() {
        writer.writeContinue();
        return DONE;
    }

    @Override
    public Future<Void> end(String chunk) {
        return complete(Unpooled.copiedBuffer(chunk, StandardCharsets.UTF_8));
    }

    @Override
    public Future<Void> end(String chunk, String charset) {
        return complete(Unpooled.copiedBuffer(chunk, Charset.forName(charset)));
    }

    @Override
    public Future<Void> end(Buffer chunk) {
        return complete(Unpooled.copiedBuffer(((BufferInternal) chunk).getByteBuf()));
    }

    @Override
    public Future<Void> end() {
        return complete(Unpooled.EMPTY_BUFFER);
    }

    /**
     * Sends the last piece of the body, with which the response is complete.
     *
     * @param last released when it is sent
     */
    Future<Void> complete(ByteBuf last) {
        if (closed || ended) {
            return refused(last);
        }
        if (!headWritten) {
            completeFraming(last.readableBytes());
        }
        add(last);
        writer.writeEnd(hasTrailers() ? trailerFields() : EmptyHttpHeaders.INSTANCE);
        // Sending may show that the client is gone.
        ended = true;
        writer.flush();
        over();
        return DONE;
    }

    /** States the length of a body that is there as a whole, and no framing for a response that has no body. */
    private void completeFraming(int length) {
        if (isBodiless()) {
            fields().remove(HttpHeaderNames.TRANSFER_ENCODING);
        } else if (!fields().contains(HttpHeaderNames.CONTENT_LENGTH)
                && !fields().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            fields().set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(length));
        }
    }

    private void over() {
        Handler<Void> told = endHandler;
        if (told != null) {
            told.handle(null);
        }
        writer.over();
    }

    /** Handles the end of the connection, or of what it came on. */
    public void connectionClosed() {
        if (closed || ended) {
            return;
        }
        closed = true;
        Handler<Throwable> told = exceptionHandler;
        if (told != null) {
            told.handle(new HttpClosedException("the client has closed the connection"));
        }
        over();
    }

    /** Handles that the connection takes more again. */
    public void drained() {
        Handler<Void> told = drainHandler;
        if (told != null && !ended) {
            told.handle(null);
        }
    }

    /** Cuts the response off, in HTTP/2 with this code. */
    @Override
    public Future<Void> reset(long code) {
        if (!ended) {
            writer.abort(code);
        }
        return DONE;
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public boolean closed() {
        return closed;
    }

    @Override
    public boolean headWritten() {
        return headWritten;
    }

    @Override
    public long bytesWritten() {
        return bytesWritten;
    }
}
