package dev.pointsman.client.internal.call;

import dev.pointsman.client.CallTimeoutException;
import dev.pointsman.client.ContextFields;
import dev.pointsman.client.NoInstanceException;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.client.ServiceCallException;
import dev.pointsman.client.internal.call.CallBody.BodyPart;
import dev.pointsman.client.internal.follow.FollowedService;
import dev.pointsman.pool.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call: a request as its caller writes it, and its response. What is asked for it in between are its {@link CallAttempts}.
 * Lives on one context.
 *
 * <pre>
 *   start ─► (wait for the registry) ─► attempts: the first is connected ─► the caller writes ─► responded
 *                                                                  └──────────────┴──► failed
 * </pre>
 */
final class ServiceCall {
    private static final Logger log = LoggerFactory.getLogger(ServiceCall.class);

    private final CallEnvironment environment;
    private final ContextInternal context;
    private final ServiceAddress address;
    private final CallHead head;
    private final CallBody body = new CallBody();
    private final CallerHandlers handlers = new CallerHandlers();
    private final CallClock clock;
    private final long began;
    /** Both of the context, so that what hangs on them runs there, where a response's body is not missed. */
    private final Promise<HttpClientRequest> connected;

    private final Promise<HttpClientResponse> response;
    private final BalancedRequest request = new BalancedRequest(this);

    private @Nullable CallAttempts attempts;
    private @Nullable Runnable forgetWaiting;
    private boolean committed;
    private boolean over;

    /** A call that has not begun. */
    ServiceCall(CallEnvironment environment, ContextInternal context, ServiceAddress address, RequestOptions options) {
        this.environment = environment;
        this.context = context;
        this.address = address;
        this.head = new CallHead(options);
        this.began = environment.now();
        this.connected = context.promise();
        this.response = context.promise();
        this.clock = new CallClock(
                context, environment.nanos(), environment.transport().deadlines(context));
        ContextFields fields = environment.options().contextFields();
        if (fields != ContextFields.NONE) {
            fields.inject((name, value) -> {
                if (!head.headers().contains(name)) {
                    head.headers().set(name, value);
                }
            });
        }
    }

    /** Runs an action on the call's context: at once where that is where it is called. */
    void run(Runnable action) {
        if (context.inThread()) {
            action.run();
        } else {
            context.runOnContext(there -> action.run());
        }
    }

    /** As {@link #run}; where the context's Vert.x was closed before the client, nothing runs any more. */
    private void runIfOpen(Runnable action) {
        try {
            run(action);
        } catch (RejectedExecutionException closed) {
            log.warn("{}: a call has no end, as its Vert.x was closed before the client.", address);
        }
    }

    ContextInternal context() {
        return context;
    }

    ServiceAddress address() {
        return address;
    }

    CallHead head() {
        return head;
    }

    CallBody body() {
        return body;
    }

    CallerHandlers handlers() {
        return handlers;
    }

    CallClock clock() {
        return clock;
    }

    /** Completes when there is a connection to the first instance; the request can be written from then on. */
    Future<HttpClientRequest> connected() {
        return connected.future();
    }

    Future<HttpClientResponse> response() {
        return response.future();
    }

    /** Begins the call; on its context. */
    void start() {
        FollowedService service;
        try {
            service = environment.services().at(address);
        } catch (IllegalStateException | IllegalArgumentException refused) {
            giveUp(new ServiceCallException(
                    address.toString(), String.valueOf(refused.getMessage()), List.of(), refused));
            return;
        }
        if (head.timeoutMillis() > 0) {
            clock.deadline(began + TimeUnit.MILLISECONDS.toNanos(head.timeoutMillis()), this::timedOut);
        }
        if (service.isKnown()) {
            begin(service);
        } else {
            awaitRegistry(service);
        }
    }

    private void awaitRegistry(FollowedService service) {
        clock.next(
                environment.options().timeouts().registry().toNanos(),
                () -> giveUp(new NoInstanceException(address.toString(), service.whyUnknown())));
        Runnable known = () -> runIfOpen(() -> {
            if (over) {
                return;
            }
            clock.stopNext();
            if (service.isKnown()) {
                begin(service);
            } else {
                giveUp(new NoInstanceException(address.toString(), "the client was closed"));
            }
        });
        // While the registry is down, calls come and go.
        forgetWaiting = () -> service.forget(known);
        service.whenKnown(known);
    }

    private void begin(FollowedService service) {
        CallAttempts begun = new CallAttempts(environment, this, service);
        attempts = begun;
        begun.begin();
    }

    // ---- what the attempts tell ----

    /** An attempt has its connection. Returns whether the request is to be sent on it: the caller may not have begun yet. */
    boolean connectedOnce() {
        connected.tryComplete(request);
        return committed;
    }

    /**
     * Prepares a request to an instance that is about to be sent.
     *
     * @param made the options that it was made by
     */
    void prepare(HttpClientRequest to, RequestOptions made) {
        head.writeTo(to, made);
        handlers.listenTo(to);
    }

    /** More of the body can be written. */
    void drained() {
        if (!body.isEnded()) {
            handlers.drained();
        }
    }

    /** The request was sent whole, now: from now on its response has to come in time. */
    void awaitResponse(long now) {
        if (!clock.hasDeadline()) {
            clock.commonDeadline(now + environment.responseNanos(), this::timedOut);
        }
    }

    /** The head of the response is there. */
    void responded(HttpClientResponse received, int tried) {
        clock.stop();
        environment.callEnded(address, tried, received.statusCode(), began);
        response.tryComplete(received);
    }

    /** The response is whole, and the request is not: nothing more is sent. */
    void endedEarly() {
        over = true;
        body.fail(new IllegalStateException("the response ended before the request did"));
    }

    private void timedOut() {
        CallAttempts made = attempts;
        if (made != null) {
            made.abandon(Outcome.TIMED_OUT);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(environment.now() - began);
        giveUp(new CallTimeoutException(
                address.toString(),
                "did not respond within " + millis + " ms",
                made == null ? List.of() : made.names(),
                null));
    }

    /** Ends the call without a response. */
    void giveUp(Throwable why) {
        if (over) {
            return;
        }
        over = true;
        clock.stop();
        if (forgetWaiting != null) {
            forgetWaiting.run();
        }
        body.fail(why);
        CallAttempts made = attempts;
        environment.callEnded(address, made == null ? 0 : made.count(), 0, began);
        response.tryFail(why);
        request.failed(why);
        // Last: who waits for it has no request yet, and nobody else learns of the failure.
        connected.tryFail(why);
    }

    // ---- what the caller does ----

    /** Writes a part of the body, and the head before the first one. */
    Future<Void> write(@Nullable Buffer data, boolean last) {
        if (context.inThread()) {
            return writeHere(data, last);
        }
        Promise<Void> written = context.promise();
        context.runOnContext(there -> writeHere(data, last).onComplete(written));
        return written.future();
    }

    private Future<Void> writeHere(@Nullable Buffer data, boolean last) {
        if (over || body.isEnded()) {
            return Future.failedFuture(
                    new IllegalStateException(over ? "the call is over" : "the request is complete"));
        }
        BodyPart part = body.add(data, last);
        Future<Void> written = part.whenWritten();
        sendHere();
        return written;
    }

    /** Writes a whole request; that it could not be written is what its response fails by. */
    Future<HttpClientResponse> send(@Nullable Buffer whole) {
        run(() -> {
            if (!over && !body.isEnded()) {
                body.add(whole, true);
                sendHere();
            }
        });
        return response();
    }

    /** Writes the head, if it is not written yet. */
    void sendHead() {
        run(this::sendHere);
    }

    private void sendHere() {
        committed = true;
        CallAttempts made = attempts;
        if (made != null) {
            made.proceed();
        }
    }

    /** Whether the caller had better wait for {@link #onDrain}. */
    boolean isWriteQueueFull() {
        HttpClientRequest to = sent();
        return !over && !body.isEnded() && (to == null || to.writeQueueFull());
    }

    void onDrain(@Nullable Handler<Void> handler) {
        handlers.onDrain(handler);
        CallAttempts made = attempts;
        if (handler != null && made != null) {
            made.awaitDrain();
        }
    }

    /** The request to the instance that has responded, or is expected to; null while there is none. */
    @Nullable
    HttpClientRequest sent() {
        CallAttempts made = attempts;
        return made == null ? null : made.sent();
    }

    /** Ends the call without a response, or breaks its response off. */
    Future<Void> reset(long code, @Nullable Throwable cause) {
        Promise<Void> done = context.promise();
        run(() -> {
            CallAttempts made = attempts;
            HttpClientRequest sent = sent();
            if (made != null && made.hasResponse() && sent != null) {
                sent.reset(code, cause).onComplete(done);
                return;
            }
            if (made != null) {
                made.abandon(Outcome.UNDECIDED);
            }
            giveUp(cause == null ? new StreamResetException(code) : new StreamResetException(code, cause));
            done.complete();
        });
        return done.future();
    }
}
