package dev.pointsman.client.internal.call;

import dev.pointsman.client.CallListener.AttemptReason;
import dev.pointsman.client.CallTimeouts;
import dev.pointsman.client.HedgeAfter;
import dev.pointsman.client.NoInstanceException;
import dev.pointsman.client.ServiceCallException;
import dev.pointsman.client.internal.follow.FollowedService;
import dev.pointsman.latency.ResponseTimes;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.Upstream;
import dev.pointsman.retry.AttemptFailure;
import dev.pointsman.retry.RetryRule;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call, until one brings a response or no further one is allowed. The balancer's {@code Exchange} is their
 * twin, and goes by the same rule. Lives on the call's context.
 *
 * <pre>
 *   begin ─► pick ─► attempt ─► responded
 *             ▲        │ └─ (no response for some time) ─► another one in its place, or a hedge beside it
 *             └─ retry ┴──► the call fails
 * </pre>
 */
final class CallAttempts {
    private final CallEnvironment environment;
    private final ServiceCall call;
    private final FollowedService service;

    /** The instances of all attempts, in their order. */
    private final List<Upstream> asked = new ArrayList<>(1);

    /** The upstreams that failed this request; nearly always none. */
    private List<Upstream> tried = List.of();

    private @Nullable CallAttempt current;
    private @Nullable CallAttempt hedge;
    private @Nullable AttemptFailure lastFailure;
    private @Nullable Throwable lastCause;
    private int staleAttempts;
    private boolean responded;
    private boolean budgetSpent;
    private boolean over;

    CallAttempts(CallEnvironment environment, ServiceCall call, FollowedService service) {
        this.environment = environment;
        this.call = call;
        this.service = service;
    }

    void begin() {
        service.retries().request();
        if (environment.options().hedge() != null) {
            service.hedges().request();
        }
        call.head().stickyToken(service.stickyToken());
        pick(AttemptReason.FIRST);
    }

    private void pick(AttemptReason reason) {
        // An instance whose connection broke may be fine on a new one.
        Attempt begun = service.snapshot().begin(tried, call.head(), lastFailure == AttemptFailure.BROKEN_RESPONSE);
        if (begun != null) {
            CallAttempt next = attempt(begun, reason);
            current = next;
            next.connect();
        } else {
            giveUp();
        }
    }

    private CallAttempt attempt(Attempt begun, AttemptReason reason) {
        asked.add(begun.upstream());
        environment.attemptBegan(call.address(), begun.upstream().instance(), reason);
        return new CallAttempt(environment, call, this, begun);
    }

    /** How many there were. */
    int count() {
        return asked.size();
    }

    /** The instances that were asked, in the order of the attempts, each with its address. */
    List<String> names() {
        return asked.stream()
                .map(upstream ->
                        upstream.key().id() + " at " + upstream.instance().authority())
                .toList();
    }

    boolean hasResponse() {
        return responded;
    }

    /** The request of the attempt that has responded, or is expected to; null while it has no connection. */
    @Nullable
    HttpClientRequest sent() {
        CallAttempt attempt = current;
        return attempt == null ? null : attempt.request();
    }

    /** Sends what the call has to be sent. */
    void proceed() {
        CallAttempt first = current;
        CallAttempt second = hedge;
        if (first != null) {
            first.proceed();
        }
        if (second != null) {
            second.proceed();
        } else if (first != null) {
            call.body().trim(first.partsSent());
        }
    }

    /** Has the attempt tell when it can take more of the body. */
    void awaitDrain() {
        CallAttempt sending = current;
        if (sending != null) {
            sending.awaitDrain();
        }
    }

    /** An attempt can take more of the body. */
    void drained(CallAttempt attempt) {
        if (attempt == current) {
            call.drained();
        }
    }

    /** An attempt has been sent whole, now. */
    void sentWhole(CallAttempt attempt, long now) {
        if (over || responded) {
            return;
        }
        call.awaitResponse(now);
        CallTimeouts timeouts = environment.options().timeouts();
        if (attempt == current && timeouts.attempt() != null) {
            call.clock().next(timeouts.attempt().toNanos(), this::attemptTimedOut);
        }
        OptionalLong hedgeAfter = hedgeAfter(attempt);
        if (hedgeAfter.isPresent()) {
            call.clock().hedge(hedgeAfter.getAsLong(), this::hedge);
        }
    }

    private OptionalLong hedgeAfter(CallAttempt attempt) {
        HedgeAfter after = environment.options().hedge();
        if (after == null || attempt != current || hedge != null) {
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
        if (slow == null || hedge != null || !mayGoOn() || !service.hedges().hasRetry()) {
            return;
        }
        Attempt second = service.snapshot().begin(triedAnd(slow), call.head(), false);
        if (second != null && !service.hedges().tryRetry()) {
            second.end(Outcome.NOT_TRIED);
        } else if (second != null) {
            CallAttempt beside = attempt(second, AttemptReason.HEDGE);
            hedge = beside;
            beside.connect();
        }
    }

    /** Goes on from an instance that is slower than an attempt may be to another one; if there is none, waits on. */
    private void attemptTimedOut() {
        CallAttempt slow = current;
        Duration each = environment.options().timeouts().attempt();
        if (slow == null || each == null || !mayGoOn()) {
            return;
        }
        markTried(slow.upstream());
        CallAttempt beside = hedge;
        List<Upstream> others = beside == null ? tried : triedAnd(beside);
        Attempt other = service.retries().hasRetry() ? service.snapshot().begin(others, call.head(), false) : null;
        if (other == null) {
            call.clock().next(each.toNanos(), this::attemptTimedOut);
            return;
        }
        service.retries().retry();
        CallAttempt next = attempt(other, AttemptReason.TIMEOUT);
        current = next;
        slow.abandon(Outcome.TIMED_OUT);
        next.connect();
    }

    private List<Upstream> triedAnd(CallAttempt attempt) {
        List<Upstream> all = new ArrayList<>(tried);
        all.add(attempt.upstream());
        return all;
    }

    private boolean mayGoOn() {
        return environment.options().retries()
                && call.body().isEnded()
                && RetryRule.mayRetryOnTimeout(
                        call.head().methodForRetry(), call.body().isWhole(), asked.size());
    }

    /** An attempt has failed before it had a response. */
    void failed(CallAttempt attempt, AttemptFailure kind, Throwable cause) {
        if (over || responded) {
            return;
        }
        if (kind.isOfReuse() && staleAttempts == 0) {
            // The next one may have another stale one: from the second on they count as any failure does.
            staleAttempts = 1;
        } else {
            markTried(attempt.upstream());
        }
        CallAttempt other = attempt == hedge ? current : hedge;
        hedge = null;
        current = other;
        if (other != null) {
            // It may still have a response.
            return;
        }
        lastFailure = kind;
        lastCause = cause;
        if (takeRetry(kind)) {
            pick(AttemptReason.RETRY);
        } else {
            giveUp();
        }
    }

    /** Whether a connection of an earlier attempt turned out to be closed. */
    boolean hasMetStaleConnection() {
        return staleAttempts > 0;
    }

    /** Whether another attempt may follow; it is in the budget then, if it costs any. */
    private boolean takeRetry(AttemptFailure kind) {
        boolean allowed = environment.options().retries()
                && !service.isClosed()
                && RetryRule.allows(
                        kind, call.head().methodForRetry(), call.body().isWhole(), asked.size() - staleAttempts);
        budgetSpent = allowed && RetryRule.costs(kind) && !service.retries().tryRetry();
        return allowed && !budgetSpent;
    }

    private void markTried(Upstream failed) {
        tried = tried.isEmpty() ? new ArrayList<>(2) : tried;
        if (!tried.contains(failed)) {
            tried.add(failed);
        }
    }

    private void giveUp() {
        over = true;
        AttemptFailure kind = lastFailure;
        Throwable cause = lastCause;
        String name = call.address().toString();
        if (kind == null) {
            call.giveUp(new NoInstanceException(name, service.whyNone()));
        } else {
            call.giveUp(new ServiceCallException(name, whyNoResponse(kind, cause), names(), cause));
        }
    }

    private String whyNoResponse(AttemptFailure kind, @Nullable Throwable cause) {
        if (service.isClosed()) {
            // Its connections were closed with it: no fault of the instance's.
            return "the client was closed before there was a response";
        }
        String why = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return AttemptFailures.sentence(kind) + why + (budgetSpent ? "; the budget of retries is spent" : "");
    }

    /** An attempt has the head of its response: it is the call's. */
    void responded(CallAttempt winner, HttpClientResponse received) {
        responded = true;
        CallAttempt other = winner == current ? hedge : current;
        current = winner;
        hedge = null;
        record(winner);
        if (other != null) {
            // Without the slow ones that hedges beat, the times would get shorter and shorter, and hedges more and
            // more.
            record(other);
            other.abandon(Outcome.UNDECIDED);
        }
        call.body().forget(winner.partsSent());
        String token = service.snapshot().picker().token(winner.upstream(), call.head());
        if (token != null) {
            service.keepStickyToken(token);
        }
        call.responded(received, asked.size());
    }

    private void record(CallAttempt attempt) {
        ResponseTimes times = service.responseTimes();
        long waited = times == null ? 0 : attempt.waitedFor();
        if (times != null && waited > 0) {
            times.record(waited);
        }
    }

    /** Ends those that are under way. */
    void abandon(Outcome outcome) {
        over = true;
        CallAttempt first = current;
        CallAttempt second = hedge;
        current = null;
        hedge = null;
        if (first != null) {
            first.abandon(outcome);
        }
        if (second != null) {
            second.abandon(outcome);
        }
    }
}
