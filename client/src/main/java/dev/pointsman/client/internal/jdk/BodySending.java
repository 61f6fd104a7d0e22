package dev.pointsman.client.internal.jdk;

import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request's body as it is published. The publisher is asked for the next piece while less than {@value #WINDOW} bytes
 * wait to be written, on its own thread or the executor's, for it may block; the pieces are written on the event loop.
 */
final class BodySending implements Flow.Subscriber<ByteBuffer> {
    private static final int WINDOW = 64 * 1024;

    private final ServiceExchange<?> exchange;
    private final HttpClientRequest request;
    private final Context context;
    private final long length;

    private final AtomicInteger unwritten = new AtomicInteger();
    /** Whether the next piece is to be asked for when there is room again. */
    private final AtomicBoolean waiting = new AtomicBoolean();

    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean stopped;

    /** Of the publisher's signals, which come one after the other: the bytes published. */
    private long published;

    // of the event loop
    private int written;
    private boolean full;
    private boolean ended;

    /** @param length of the body in bytes, below 0 if it is not known */
    BodySending(ServiceExchange<?> exchange, HttpClientRequest request, Context context, long length) {
        this.exchange = exchange;
        this.request = request;
        this.context = context;
        this.length = length;
    }

    /** Whether the whole body was given to the connection. Of the event loop. */
    boolean isEnded() {
        return ended;
    }

    /** Nothing is sent any more. */
    void stop() {
        stopped = true;
        Flow.Subscription current = subscription;
        if (current != null && !ended) {
            exchange.onExecutor(current::cancel);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        if (subscription != null) {
            given.cancel();
            return;
        }
        subscription = given;
        if (stopped) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(ByteBuffer piece) {
        int bytes = piece.remaining();
        published += bytes;
        if (stopped) {
            return;
        }
        if (length >= 0 && published > length) {
            fail(new IOException(
                    "the request's body is longer than the " + length + " bytes that its publisher announced"));
            return;
        }
        if (bytes > 0) {
            unwritten.addAndGet(bytes);
            boolean last = published == length;
            context.runOnContext(go -> write(BufferInternal.buffer(Unpooled.wrappedBuffer(piece)), last));
        }
        if (unwritten.get() < WINDOW) {
            requestNext();
        } else {
            waiting.set(true);
            if (unwritten.get() < WINDOW && waiting.compareAndSet(true, false)) {
                requestNext();
            }
        }
    }

    private void requestNext() {
        Flow.Subscription current = subscription;
        if (current != null && !stopped) {
            current.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        fail(failure);
    }

    @Override
    public void onComplete() {
        if (length >= 0 && published < length) {
            fail(new IOException("the request's body has " + published + " bytes of the " + length
                    + " that its publisher announced"));
        } else {
            context.runOnContext(go -> end());
        }
    }

    private void fail(Throwable failure) {
        if (!stopped) {
            exchange.abandon(failure);
        }
    }

    /** @param last whether the body is whole with it: it may be responded to before the publisher says that it has no more */
    private void write(Buffer piece, boolean last) {
        if (stopped) {
            return;
        }
        try {
            if (last) {
                ended = true;
                var unused = request.end(piece);
                written += piece.length();
                madeRoom(); // for its end, so that it can release what it has
                return;
            }
            var unused = request.write(piece);
            written += piece.length();
            if (!request.writeQueueFull()) {
                madeRoom();
            } else if (!full) {
                full = true;
                request.drainHandler(drained -> {
                    full = false;
                    madeRoom();
                });
            }
        } catch (RuntimeException e) {
            exchange.abandon(e);
        }
    }

    private void madeRoom() {
        int bytes = written;
        written = 0;
        if (unwritten.addAndGet(-bytes) < WINDOW && waiting.compareAndSet(true, false)) {
            exchange.onExecutor(this::requestNext);
        }
    }

    private void end() {
        if (stopped || ended) {
            return;
        }
        ended = true;
        try {
            var unused = request.end();
        } catch (RuntimeException e) {
            exchange.abandon(e);
        }
    }
}
