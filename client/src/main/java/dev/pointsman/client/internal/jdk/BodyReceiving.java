package dev.pointsman.client.internal.jdk;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Receives a response for a body's subscriber. The event loop queues what arrives, and reads no more from the connection while
 * {@value #MOST} bytes wait; the signals are given to the subscriber in order, one after the other, on the executor.
 *
 * <p>The first of them are given when all that arrived together is queued, so that a small response takes one hand-over.
 */
final class BodyReceiving<T> implements Flow.Subscription {
    private static final int MOST = 64 * 1024;
    private static final int FEW = 16 * 1024;

    private final ServiceExchange<T> exchange;
    private final BodyHandler<T> handler;
    private final HttpClientResponse response;
    private final Context context;

    private final Queue<Buffer> chunks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    /** Reasons to look for signals to give: whoever adds the first of them has them given. */
    private final AtomicInteger work = new AtomicInteger(1);

    private final AtomicLong demand = new AtomicLong();
    private volatile boolean paused;
    private volatile boolean ended;
    private volatile boolean cancelled;
    private volatile boolean demandRefused;
    private volatile @Nullable IOException failure;

    // of whoever gives the signals
    private @Nullable BodySubscriber<T> subscriber;
    private @Nullable ReceivedHead head;
    private volatile boolean over;

    BodyReceiving(ServiceExchange<T> exchange, BodyHandler<T> handler, HttpClientResponse response, Context context) {
        this.exchange = exchange;
        this.handler = handler;
        this.response = response;
        this.context = context;
    }

    /** On the event loop, when the head has just arrived. */
    void begin() {
        response.handler(this::arrived).endHandler(end -> {
            ended = true;
            exchange.responseEnded();
            more();
        });
        response.exceptionHandler(exchange::fail);
        context.runOnContext(readAll -> exchange.beginSignals(ended || failure != null, this::giveSignals));
    }

    private void arrived(Buffer chunk) {
        int bytes = chunk.length();
        if (over || bytes == 0) {
            return;
        }
        chunks.add(chunk);
        if (queued.addAndGet(bytes) >= MOST && !paused) {
            paused = true;
            response.pause();
            if (queued.get() <= FEW) {
                resume();
            }
        }
        more();
    }

    private void resume() {
        if (paused && queued.get() <= FEW) {
            paused = false;
            response.resume();
        }
    }

    /** On the event loop: no more arrives. */
    void failed(IOException cause) {
        failure = cause;
        more();
    }

    @Override
    public void request(long items) {
        if (items <= 0) {
            demandRefused = true;
        } else {
            demand.accumulateAndGet(items, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
        }
        more();
    }

    @Override
    public void cancel() {
        cancelled = true;
        more();
    }

    private void more() {
        if (!over && work.getAndIncrement() == 0) {
            exchange.onExecutor(this::giveSignals);
        }
    }

    private void giveSignals() {
        int seen = work.get();
        do {
            if (!over) {
                if (subscriber == null) {
                    first();
                } else {
                    next(subscriber);
                }
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    private void first() {
        boolean whole = ended || failure != null;
        BodySubscriber<T> made;
        try {
            head = ReceivedHead.of(response);
            made = Objects.requireNonNull(handler.apply(head), "the body handler made no subscriber");
        } catch (Throwable e) {
            threw(null, e);
            exchange.partOver(); // there is no body to take
            return;
        }
        subscriber = made;
        try {
            made.onSubscribe(this);
        } catch (Throwable e) {
            threw(made, e);
        }
        // getBody() may block for what the signals have yet to bring: not here, then
        boolean apart = !whole && !over;
        if (apart) {
            exchange.onExecutor(() -> takeBody(made));
        }
        next(made);
        if (!apart && over) {
            takeBody(made);
        } else if (!apart) {
            exchange.onExecutor(() -> takeBody(made));
        }
    }

    private void next(BodySubscriber<T> to) {
        try {
            while (!over && giveOne(to)) {}
        } catch (Throwable e) {
            threw(to, e);
        }
    }

    /** Whether there may be another signal to give. */
    private boolean giveOne(BodySubscriber<T> to) {
        boolean last = ended;
        IOException broken = failure;
        if (cancelled || demandRefused) {
            end();
            IllegalArgumentException bad = new IllegalArgumentException(
                    "items requested of a response's body: 0 or less (expected: 1 or more)");
            exchange.abandon(cancelled ? new IOException("the subscriber of the response's body cancelled it") : bad);
            if (!cancelled) {
                to.onError(bad);
            }
        } else if (demand.get() > 0 && !chunks.isEmpty()) {
            demand.getAndUpdate(had -> had == Long.MAX_VALUE ? had : had - 1);
            to.onNext(takeQueued());
        } else if (broken != null) {
            end();
            to.onError(broken);
        } else if (last && chunks.isEmpty()) {
            end();
            to.onComplete();
        } else {
            return false;
        }
        return true;
    }

    private List<ByteBuffer> takeQueued() {
        List<ByteBuffer> taken = new ArrayList<>(2);
        int bytes = 0;
        for (Buffer chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
            bytes += chunk.length();
            taken.add(((BufferInternal) chunk).getByteBuf().nioBuffer().asReadOnlyBuffer());
        }
        if (queued.addAndGet(-bytes) <= FEW && paused) {
            context.runOnContext(go -> resume());
        }
        return Collections.unmodifiableList(taken);
    }

    private void end() {
        over = true;
        chunks.clear();
        exchange.partOver();
    }

    private void threw(@Nullable BodySubscriber<T> to, Throwable thrown) {
        if (!over) {
            end();
            if (to != null) {
                try {
                    to.onError(thrown);
                } catch (Throwable again) {
                    thrown.addSuppressed(again);
                }
            }
        }
        exchange.completeExceptionally(thrown);
        exchange.abandon(thrown); // the result may be there already, and the response go on
    }

    private void takeBody(BodySubscriber<T> from) {
        try {
            var unused = from.getBody().whenComplete((body, failed) -> {
                if (failed != null) {
                    exchange.completeExceptionally(failed);
                } else {
                    exchange.complete(Objects.requireNonNull(head), body);
                }
            });
        } catch (Throwable e) {
            exchange.completeExceptionally(e);
        }
        exchange.partOver();
    }
}
