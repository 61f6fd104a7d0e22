package dev.pointsman.client.internal.call;

import dev.pointsman.client.CallListener.AttemptReason;
import dev.pointsman.client.CallTimeoutException;
import dev.pointsman.client.CallTimeouts;
import dev.pointsman.client.ContextFields;
import dev.pointsman.client.HedgeAfter;
import dev.pointsman.client.NoInstanceException;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.client.ServiceCallException;
import dev.pointsman.client.internal.follow.FollowedService;
import dev.pointsman.latency.ResponseTimes;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.Upstream;
import dev.pointsman.retry.AttemptFailure;
import dev.pointsman.retry.RetryRule;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call: a request and its response, with attempts until one brings a response or no further one is allowed. The balancer's
 * {@code Exchange} is its twin, and goes by the same rule. Lives on one context.
 *
 * <pre>
 *   start ─► (wait for the registry) ─► pick ─► attempt ─► connected: the caller writes ─► responded
 *                                        ▲        │   └─ (no response yet: hedge) ─► a second attempt beside it
 *                                        └─ retry ┴──► failed
 * </pre>
 */
final class ServiceCall {
    private final CallEnvironment environment;
    private final ContextInternal context;
    private final ServiceAddress address;
    private final CallHead head;
    private final CallBody body = new CallBody();
    private final CallClock clock;
    private final long began;
    /** Both of the context, so that what hangs on them runs there, where a response's body is not missed. */
    private final Promise<HttpClientRequest> connected;

    private final Promise<HttpClientResponse> response;
    private final BalancedRequest request = new BalancedRequest(this);

    /** The instances of all attempts, in their order. */
    private final List<Upstream> asked = new ArrayList<>(1);

    /** The upstreams that failed this request; nearly always none. */
    private List<Upstream> tried = List.of();

    private @Nullable FollowedService service;
    private @Nullable Runnable whenKnown;
    private @Nullable CallAttempt current;
    private @Nullable CallAttempt hedge;
    private @Nullable AttemptFailure lastFailure;
    private @Nullable Throwable lastCause;
    private @Nullable Handler<Void> continueHandler;
    private @Nullable Handler<MultiMap> earlyHintsHandler;
    private @Nullable Handler<Void> drainHandler;
    private int staleAttempts;
    private boolean committed;
    private boolean responded;
    private boolean over;

    ServiceCall(CallEnvironment environment, ContextInternal context, ServiceAddress address, RequestOptions options) {
        this.environment = environment;
        this.context = context;
        this.address = address;
        this.connected = context.promise();
        this.response = context.promise();
        this.head = new CallHead(options);
        this.began = environment.now();
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

    /** Completes when there is a connection to the first instance; the request can be written from then on. */
    Future<HttpClientRequest> connected() {
        return connected.future();
    }

    Future<HttpClientResponse> response() {
        return response.future();
    }

    // ---- attempts ----

    /** Begins the call; on its context. */
    void start() {
        FollowedService followed;
        try {
            followed = environment.services().at(address);
        } catch (IllegalStateException | IllegalArgumentException closed) {
            giveUp(new ServiceCallException(
                    address.toString(), String.valueOf(closed.getMessage()), List.of(), closed));
            return;
        }
        service = followed;
        if (head.timeoutMillis() > 0) {
            clock.deadline(began + TimeUnit.MILLISECONDS.toNanos(head.timeoutMillis()), this::timedOut);
        }
        if (followed.isKnown()) {
            begin(followed);
        } else {
            awaitRegistry(followed);
        }
    }

    private void awaitRegistry(FollowedService followed) {
        clock.next(
                environment.options().timeouts().registry().toNanos(),
                () -> giveUp(new NoInstanceException(address.toString(), followed.whyUnknown())));
        Runnable known = () -> run(() -> {
            if (!over) {
                clock.stopNext();
                begin(followed);
            }
        });
        whenKnown = known;
        followed.whenKnown(known);
    }

    private void begin(FollowedService followed) {
        followed.retries().request();
        if (environment.options().hedge() != null) {
            followed.hedges().request();
        }
        head.stickyToken(followed.stickyToken());
        pick(followed, AttemptReason.FIRST);
    }

    private void pick(FollowedService followed, AttemptReason reason) {
        // An instance whose connection broke may be fine on a new one.
        Attempt begun = followed.snapshot().begin(tried, head, lastFailure == AttemptFailure.BROKEN_RESPONSE);
        if (begun != null) {
            current = attempt(begun, reason);
            current.connect();
        } else if (lastFailure == null) {
            giveUp(new NoInstanceException(
                    address.toString(),
                    followed.snapshot().upstreams().isEmpty()
                            ? "no instance of this service is registered"
                            : "no instance of this service is available right now"));
        } else {
            giveUp(failure(lastFailure, lastCause));
        }
    }

    private CallAttempt attempt(Attempt begun, AttemptReason reason) {
        asked.add(begun.upstream());
        environment.attemptBegan(address, begun.upstream().instance(), reason);
        return new CallAttempt(environment, this, begun);
    }

    /** An attempt has its connection. */
    void connected(CallAttempt attempt) {
        connected.tryComplete(request);
        if (committed) {
            attempt.proceed();
            drained(attempt);
        }
    }

    /** Prepares a request to an instance that is about to be sent. */
    void prepare(HttpClientRequest to) {
        if (continueHandler != null) {
            to.continueHandler(continueHandler);
        }
        if (earlyHintsHandler != null) {
            to.earlyHintsHandler(earlyHintsHandler);
        }
    }

    /** An attempt has been sent whole: from now on its response has to come in time. */
    void sentWhole(CallAttempt attempt, long now) {
        if (responded || over) {
            return;
        }
        CallTimeouts timeouts = environment.options().timeouts();
        if (!clock.hasDeadline()) {
            clock.commonDeadline(now + timeouts.response().toNanos(), this::timedOut);
        }
        if (attempt == current && timeouts.attempt() != null) {
            clock.next(timeouts.attempt().toNanos(), this::attemptTimedOut);
        }
        OptionalLong hedgeAfter = hedgeAfter(attempt);
        if (hedgeAfter.isPresent()) {
            clock.hedge(hedgeAfter.getAsLong(), this::hedge);
        }
    }

    private OptionalLong hedgeAfter(CallAttempt attempt) {
        HedgeAfter after = environment.options().hedge();
        if (after == null || service == null || attempt != current || hedge != null) {
            return OptionalLong.empty();
        }
        if (after.time() != null) {
            return OptionalLong.of(after.time().toNanos());
        }
        ResponseTimes times = service.responseTimes();
        return times == null ? OptionalLong.empty() : times.percentile();
    }

    /** Asks a second instance as well, if the request may be sent twice and the budget has it. */
    private void hedge() {
        CallAttempt slow = current;
        if (slow == null
                || hedge != null
                || service == null
                || !mayGoOn()
                || !service.hedges().hasRetry()) {
            return;
        }
        List<Upstream> others = new ArrayList<>(tried);
        others.add(slow.upstream());
        Attempt second = service.snapshot().begin(others, head, false);
        if (second != null && !service.hedges().tryRetry()) {
            second.end(Outcome.NOT_TRIED);
        } else if (second != null) {
            hedge = attempt(second, AttemptReason.HEDGE);
            hedge.connect();
        }
    }

    /** Goes on from an instance that is slower than an attempt may be to another one; if there is none, waits on. */
    private void attemptTimedOut() {
        CallAttempt slow = current;
        var each = environment.options().timeouts().attempt();
        if (slow == null || each == null || service == null || !mayGoOn()) {
            return;
        }
        markTried(slow.upstream());
        Attempt other = service.retries().hasRetry() ? service.snapshot().begin(tried, head, false) : null;
        if (other == null) {
            clock.next(each.toNanos(), this::attemptTimedOut);
            return;
        }
        service.retries().retry();
        slow.abandon(Outcome.TIMED_OUT);
        current = attempt(other, AttemptReason.TIMEOUT);
        current.connect();
    }

    private boolean mayGoOn() {
        return environment.options().retries()
                && body.isEnded()
                && RetryRule.mayRetryOnTimeout(head.methodForRetry(), body.isWhole(), asked.size());
    }

    private void timedOut() {
        abandonAll(Outcome.TIMED_OUT);
        giveUp(new CallTimeoutException(
                address.toString(),
                "did not respond within " + TimeUnit.NANOSECONDS.toMillis(environment.now() - began) + " ms",
                names(),
                lastCause));
    }

    /** An attempt has failed before it had a response. */
    void failed(CallAttempt attempt, AttemptFailure kind, Throwable cause) {
        if (over || responded || service == null) {
            return;
        }
        if (kind.isOfReuse()) {
            // The next one may have another idle connection, and cannot ask for a new one: only one of them is for
            // free.
            staleAttempts = 1;
        } else {
            markTried(attempt.upstream());
        }
        boolean isHedge = attempt == hedge;
        CallAttempt other = isHedge ? current : hedge;
        hedge = null;
        current = other;
        if (other != null) {
            // It may still have a response.
            return;
        }
        lastFailure = kind;
        lastCause = cause;
        if (!mayRetry(service, kind)) {
            giveUp(failure(kind, cause));
            return;
        }
        pick(service, AttemptReason.RETRY);
    }

    /** Whether another attempt may follow; it is in the budget then, if it costs any. */
    private boolean mayRetry(FollowedService followed, AttemptFailure kind) {
        return environment.options().retries()
                && RetryRule.allows(kind, head.methodForRetry(), body.isWhole(), asked.size() - staleAttempts)
                && (!RetryRule.costs(kind) || followed.retries().tryRetry());
    }

    private void markTried(Upstream failed) {
        tried = tried.isEmpty() ? new ArrayList<>(2) : tried;
        if (!tried.contains(failed)) {
            tried.add(failed);
        }
    }

    /** An attempt has the head of its response: it is the call's. */
    void responded(CallAttempt winner, HttpClientResponse head) {
        responded = true;
        clock.stop();
        CallAttempt other = winner == current ? hedge : current;
        if (other != null) {
            other.abandon(Outcome.UNDECIDED);
        }
        current = winner;
        hedge = null;
        body.forget(winner.partsSent());
        FollowedService followed = service;
        if (followed != null) {
            ResponseTimes times = followed.responseTimes();
            long waited = times == null ? 0 : winner.waitedFor();
            if (times != null && waited > 0) {
                times.record(waited);
            }
            String token = followed.snapshot().picker().token(winner.upstream(), this.head);
            if (token != null) {
                followed.keepStickyToken(token);
            }
        }
        environment.callEnded(address, asked.size(), winner.status(), began);
        response.tryComplete(head);
    }

    private ServiceCallException failure(AttemptFailure kind, @Nullable Throwable cause) {
        String why = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return new ServiceCallException(address.toString(), AttemptFailures.sentence(kind) + why, names(), cause);
    }

    private List<String> names() {
        return asked.stream()
                .map(upstream ->
                        upstream.key().id() + " at " + upstream.instance().authority())
                .toList();
    }

    private void giveUp(Throwable why) {
        if (over || responded) {
            return;
        }
        over = true;
        clock.stop();
        if (service != null && whenKnown != null) {
            // While the registry is down, calls come and go.
            service.forget(whenKnown);
        }
        body.fail(why);
        environment.callEnded(address, asked.size(), 0, began);
        response.tryFail(why);
        request.failed(why);
        // Last: who waits for it has no request yet, and nobody else learns of the failure.
        connected.tryFail(why);
    }

    private void abandonAll(Outcome outcome) {
        CallAttempt one = current;
        CallAttempt two = hedge;
        current = null;
        hedge = null;
        if (one != null) {
            one.abandon(outcome);
        }
        if (two != null) {
            two.abandon(outcome);
        }
    }

    // ---- the caller's side ----

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
        if (over) {
            return Future.failedFuture(new IllegalStateException("the call is over"));
        }
        Future<Void> written = body.add(data, last);
        sendHere();
        return written;
    }

    /** Writes the head, if it is not written yet. */
    void send() {
        run(this::sendHere);
    }

    private void sendHere() {
        committed = true;
        proceed(current);
        proceed(hedge);
        CallAttempt only = current;
        if (only != null && hedge == null) {
            body.trim(only.partsSent());
        }
    }

    private static void proceed(@Nullable CallAttempt attempt) {
        if (attempt != null) {
            attempt.proceed();
        }
    }

    /** Whether the caller had better wait for {@link #onDrain}. */
    boolean isWriteQueueFull() {
        CallAttempt sending = current;
        HttpClientRequest to = sending == null ? null : sending.request();
        return !over && (to == null || !body.isEnded() && to.writeQueueFull());
    }

    void onDrain(@Nullable Handler<Void> handler) {
        drainHandler = handler;
        CallAttempt sending = current;
        if (handler != null && sending != null) {
            sending.awaitDrain();
        }
    }

    boolean awaitsDrain() {
        return drainHandler != null;
    }

    void onContinue(@Nullable Handler<Void> handler) {
        continueHandler = handler;
    }

    void onEarlyHints(@Nullable Handler<MultiMap> handler) {
        earlyHintsHandler = handler;
    }

    /** More can be written. */
    void drained(CallAttempt attempt) {
        Handler<Void> handler = drainHandler;
        if (handler != null && attempt == current && !body.isEnded()) {
            handler.handle(null);
        }
    }

    /** Whether a connection of an earlier attempt turned out to be closed. */
    boolean hasMetStaleConnection() {
        return staleAttempts > 0;
    }

    /** The attempt that has responded, or is expected to. */
    @Nullable
    CallAttempt current() {
        return current;
    }

    /** Ends the call without a response, or breaks its response off. */
    Future<Void> reset(long code, @Nullable Throwable cause) {
        Promise<Void> done = context.promise();
        run(() -> {
            CallAttempt one = current;
            HttpClientRequest sent = one == null ? null : one.request();
            if (responded && sent != null) {
                sent.reset(code, cause).onComplete(done);
                return;
            }
            abandonAll(Outcome.UNDECIDED);
            giveUp(cause == null ? new StreamResetException(code) : new StreamResetException(code, cause));
            done.complete();
        });
        return done.future();
    }
}
