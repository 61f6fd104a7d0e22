package dev.pointsman.client.internal.jdk;

import dev.pointsman.client.CallTimeoutException;
import dev.pointsman.client.internal.call.CallLoop;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response. All that concerns the connection happens on the event loop of the call; what is the caller's
 * (its publisher, its subscriber, what hangs on its future) never does, for that may block.
 */
final class ServiceExchange<T> {
    private static final long NO_TIMER = -1;

    private final CompletableFuture<HttpResponse<T>> result = new CompletableFuture<>();
    private final HttpRequest request;
    private final OutgoingRequest outgoing;
    private final BodyHandler<T> handler;
    private final CallLoop loop;
    private final OpenExchanges open;
    private final Executor executor;
    private final Executor signals;

    /** Of two: all signals given, and the body taken. */
    private final AtomicInteger partsOpen = new AtomicInteger(2);

    // of the event loop
    private @Nullable HttpClientRequest sent;
    private @Nullable BodySending sending;
    private @Nullable BodyReceiving<T> receiving;
    private long timer = NO_TIMER;
    private boolean over;

    /**
     * An exchange that has not begun.
     *
     * @param executor what may block runs here
     * @param signals in its place where nothing remains to be waited for: the response is there whole, or has failed
     */
    ServiceExchange(
            HttpRequest request,
            OutgoingRequest outgoing,
            BodyHandler<T> handler,
            CallLoop loop,
            OpenExchanges open,
            Executor executor,
            Executor signals) {
        this.request = request;
        this.outgoing = outgoing;
        this.handler = handler;
        this.loop = loop;
        this.open = open;
        this.executor = executor;
        this.signals = signals;
    }

    /** The response, or an {@link IOException}. When it ends in any other way than by the exchange itself, so does the exchange. */
    CompletableFuture<HttpResponse<T>> result() {
        return result;
    }

    void begin() {
        try {
            open.add(this);
            loop.context().runOnContext(go -> call());
        } catch (IOException | RejectedExecutionException e) {
            open.remove(this);
            result.completeExceptionally(CallFailures.of(e));
            return;
        }
        Future<?> unused = result.whenComplete((response, failure) -> {
            if (failure != null) {
                abandon(new IOException("the call was cancelled", failure));
            }
        });
    }

    /** Ends it for this reason, unless it is over. From any thread. */
    void abandon(Throwable reason) {
        try {
            loop.context().runOnContext(go -> {
                if (over && receiving != null) {
                    receiving.failed(CallFailures.of(reason));
                } else {
                    fail(reason);
                }
            });
        } catch (RejectedExecutionException closed) {
            // its event loop has ended, and has closed all connections before that
            refused(closed);
        }
    }

    private void call() {
        if (over) {
            return;
        }
        if (outgoing.body().isStreamed() && outgoing.timeout() > 0) {
            timer = loop.context().owner().setTimer(outgoing.timeout(), late -> fail(tooLate()));
        }
        try {
            loop.client().request(outgoing.options()).onComplete(this::send, this::fail);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private CallTimeoutException tooLate() {
        return new CallTimeoutException(
                outgoing.address().toString(), "no response within " + outgoing.timeout() + " ms", List.of(), null);
    }

    private void send(HttpClientRequest ready) {
        if (over) {
            ready.reset();
            return;
        }
        sent = ready;
        try {
            ready.exceptionHandler(this::fail);
            ready.response().onComplete(this::receive, this::fail);
            OutgoingBody body = outgoing.body();
            BodyPublisher publisher = body.publisher();
            if (publisher != null) {
                ready.setChunked(body.length() < 0);
                BodySending begun = new BodySending(this, ready, loop.context(), body.length());
                sending = begun;
                onExecutor(() -> publisher.subscribe(begun));
            } else if (body.whole() != null) {
                ready.end(body.whole());
            } else {
                ready.end();
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void receive(HttpClientResponse response) {
        if (over) {
            return;
        }
        stopTimer();
        receiving = new BodyReceiving<>(this, handler, response, loop.context());
        receiving.begin();
    }

    /** On the event loop: the response is there whole. A body that is still being sent then interests no one any more. */
    void responseEnded() {
        over = true;
        if (sending != null && !sending.isEnded()) {
            sending.stop();
            if (sent != null) {
                // not reset(): after a response Vert.x takes it for that of a request which was not sent, and keeps the
                // connection
                var unused = sent.connection().close();
            }
        }
    }

    /** On the event loop. */
    void fail(Throwable failure) {
        if (over) {
            return;
        }
        over = true;
        stopTimer();
        if (sending != null) {
            sending.stop();
        }
        if (sent != null) {
            sent.reset();
        }
        IOException told = CallFailures.of(failure);
        if (receiving != null) {
            receiving.failed(told);
        } else {
            beginSignals(true, () -> {
                result.completeExceptionally(told);
                open.remove(this);
            });
        }
    }

    private void stopTimer() {
        if (timer != NO_TIMER) {
            loop.context().owner().cancelTimer(timer);
            timer = NO_TIMER;
        }
    }

    /** Has the first signals given: by the caller that waits, if nothing is left to be waited for. */
    void beginSignals(boolean whole, Runnable first) {
        run(whole ? signals : executor, first);
    }

    /** Runs what may block; if it throws, the exchange fails. */
    void onExecutor(Runnable task) {
        run(executor, task);
    }

    private void run(Executor where, Runnable task) {
        try {
            where.execute(() -> {
                try {
                    task.run();
                } catch (Throwable e) {
                    completeExceptionally(e);
                    abandon(e);
                }
            });
        } catch (RejectedExecutionException e) {
            refused(e);
        }
    }

    private void refused(RejectedExecutionException e) {
        result.completeExceptionally(
                new IOException("the client's executor, or its event loop, takes no more tasks", e));
        open.remove(this);
    }

    void complete(ReceivedHead head, @Nullable T body) {
        result.complete(new ReceivedResponse<>(request, head, body));
    }

    void completeExceptionally(Throwable failure) {
        result.completeExceptionally(CallFailures.of(failure));
    }

    /** One of its two parts is over, each of them once. */
    void partOver() {
        if (partsOpen.decrementAndGet() == 0) {
            open.remove(this);
        }
    }
}
