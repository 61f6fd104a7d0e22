package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.http.BodyFraming;
import dev.pointsman.balancer.proxy.BoundRoute.BoundBranch;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.resilience.Permit;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.OneLine;
import dev.pointsman.retry.RetryBudget;
import dev.pointsman.retry.RetryRule;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response: attempts until one brings a response or no further one is allowed. Lives on one event
 * loop.
 *
 * <pre>
 *   start ─► (wait for a permit) ─► pick ─► attempt ─► over
 *                                   ▲        │
 *                                   └─ retry ┴──► reply of the failure ─► over   (the client leaves: over, from anywhere)
 * </pre>
 */
final class Exchange implements UpstreamAttempt.Owner, RequestBodyRelay.BodyEvents {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    private final EventLoopContext loop;
    private final RoutedRequest routed;
    private final @Nullable RequestBodyRelay body;

    private static final long NO_TIMER = -1;

    private BoundBranch branch;
    private RoutePool target;
    private RetryBudget budget;
    private long responseTimeoutNanos;
    private @Nullable Duration attemptTimeout;
    private @Nullable UpstreamAttempt current;
    private @Nullable Permit permit;
    private @Nullable FailedAttempts failedAttempts;
    private int attempts;
    private long firstSent;
    private boolean responseBegan;
    private boolean over;
    private long deadline = NO_TIMER;

    Exchange(EventLoopContext loop, RoutedRequest routed) {
        this.loop = loop;
        this.routed = routed;
        this.branch = routed.branch();
        this.target = branch.pool();
        this.budget = branch.budget();
        this.responseTimeoutNanos = routed.responseTimeoutNanos(loop.limits());
        this.attemptTimeout = routed.options().attempt();
        this.body = routed.body() == BodyFraming.NONE
                ? null
                : new RequestBodyRelay(loop, routed, routed.maxBody(loop.limits()), mayBeSentAgain(routed), this);
    }

    /** Whether what is sent may have to be sent again: in HTTP/2 any request may turn out to have had no effect. */
    private static boolean mayBeSentAgain(RoutedRequest routed) {
        return RetryRule.isIdempotent(routed.method())
                || routed.options().pool().transport().protocol().isHttp2();
    }

    void start() {
        if (over) {
            // The body was known to be none before its turn came.
            return;
        }
        routed.request().response().exceptionHandler(left -> clientLeft());
        if (routed.isGrpc()) {
            limitByDeadline();
        }
        enter();
    }

    /** Ends a call of gRPC when its client does not wait for it any more, however far it has come. */
    private void limitByDeadline() {
        long nanos = GrpcCall.timeoutNanos(routed.fields());
        if (nanos > 0) {
            long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
            deadline = loop.vertx().setTimer(millis, passed -> {
                deadline = NO_TIMER;
                // It is the client's time that was too short: no instance is to blame.
                refuse(FailureKind.RESPONSE_TIMEOUT);
            });
        }
    }

    /** Enters the pool of its branch, as soon as that has room. */
    private void enter() {
        budget.request();
        if (target.queue() == null) {
            pick();
        } else {
            Permit wanted =
                    new Permit(target.queue(), target.traffic(), new WaitingRequest(loop.vertx(), routed), this::begin);
            permit = wanted;
            wanted.acquire(this::giveUp);
        }
    }

    /** Begins an attempt, or gives up, unless the upstreams that are left are only full. */
    private Permit.Begun begin() {
        PoolSnapshot snapshot = target.pool().snapshot();
        FailedAttempts before = failedAttempts;
        Attempt next = snapshot.begin(tried(), routed, before != null && before.isOfConnection());
        if (next != null) {
            attempt(next);
            return Permit.Begun.YES;
        }
        if (permit != null && snapshot.hasUntried(tried())) {
            return Permit.Begun.ALL_FULL;
        }
        if (!moveToOtherBranch()) {
            FailureKind last = before == null ? null : before.lastKind();
            giveUp(last == null ? FailureKind.NO_INSTANCE : last);
        }
        return Permit.Begun.GAVE_UP;
    }

    private boolean moveToOtherBranch() {
        BoundBranch other = routed.bound().other(branch, tried());
        if (other == null) {
            return false;
        }
        if (permit != null) {
            permit.release();
            permit = null;
        }
        routed.take(routed.bound(), other);
        if (routed.forwarded() == null) {
            giveUp(FailureKind.AMBIGUOUS_PATH);
            return true;
        }
        branch = other;
        target = other.pool();
        budget = other.budget();
        responseTimeoutNanos = routed.responseTimeoutNanos(loop.limits());
        attemptTimeout = routed.options().attempt();
        enter();
        return true;
    }

    private void pick() {
        Permit held = permit;
        if (held != null) {
            held.moveToNext();
        } else {
            begin();
        }
    }

    private void attempt(Attempt begun) {
        attempts++;
        UpstreamAttempt next = new UpstreamAttempt(loop, routed, body, begun, this);
        current = next;
        // A second idle connection could be as stale as the first was.
        next.start(routed.wantsUpgrade() || attempts > 1);
    }

    @Override
    public void requestSent(UpstreamAttempt attempt) {
        if (attemptTimeout == null) {
            attempt.sendAndAwaitResponse(responseTimeoutNanos);
        } else {
            if (firstSent == 0) {
                firstSent = loop.ticker().now();
            }
            attempt.sendAndAwaitResponse(Math.min(attemptTimeout.toNanos(), responseTimeoutNanos));
        }
    }

    /** Goes on from an instance that is slower than an attempt may be to another one; if there is none, waits on. */
    @Override
    public void responseTimedOut(UpstreamAttempt slow) {
        Duration each = attemptTimeout;
        long left = each == null
                ? 0
                : firstSent + responseTimeoutNanos - loop.ticker().now();
        if (each == null || left <= 0) {
            slow.timeOut();
        } else if (!RetryRule.mayRetryOnTimeout(routed.method(), isRepeatable(), attempts)) {
            slow.awaitResponse(left);
        } else {
            failedAttempts().markTried(slow.upstream());
            Attempt other = budget.hasRetry() ? target.pool().snapshot().begin(tried(), routed, false) : null;
            if (other == null) {
                slow.awaitResponse(Math.min(left, each.toNanos()));
            } else {
                budget.retry();
                moveOn(slow, other);
            }
        }
    }

    private void moveOn(UpstreamAttempt slow, Attempt other) {
        log.debug("{}: goes on from {} to {}", routed, slow.upstream(), other.upstream());
        target.traffic().attemptTimedOut();
        LiveExplanation explanation = routed.explanation();
        if (explanation != null) {
            explanation.failed(FailureKind.RESPONSE_TIMEOUT, "retry");
        }
        slow.abandon(Outcome.TIMED_OUT, FailureKind.RESPONSE_TIMEOUT);
        suspendBody();
        attempt(other);
    }

    @Override
    public void bodySent() {
        UpstreamAttempt sending = current;
        if (sending != null) {
            sending.requestWritten();
        }
    }

    @Override
    public void bodyTooLarge() {
        refuse(FailureKind.BODY_TOO_LARGE);
    }

    @Override
    public void bodyMalformed() {
        refuse(FailureKind.BAD_BODY);
    }

    /** Refuses a request that turns out to be bad while it is being sent. */
    private void refuse(FailureKind kind) {
        if (over) {
            return;
        }
        log.debug("{}: {}", routed, kind.sentence());
        routed.noteFailure(kind);
        UpstreamAttempt begun = current;
        abandon();
        if (begun == null
                || begun.abortResponse(Failures.resetCode(kind, null)) == ResponseRelay.Aborted.NOTHING_SENT) {
            routed.client().closeAfterResponse();
            Failures.reply(routed, kind);
        }
    }

    @Override
    public void responseBegins() {
        responseBegan = true;
    }

    @Override
    public void responding(Upstream by) {
        Picker picker = target.pool().snapshot().picker();
        String token = picker.token(by, routed);
        if (token != null) {
            StickyCookie.add(routed, token);
        }
    }

    @Override
    public void failed(FailureKind kind, Throwable cause) {
        UpstreamAttempt last = current;
        if (over || last == null) {
            return;
        }
        FailedAttempts all = failedAttempts();
        all.add(kind, cause);
        log.debug(
                "{}: attempt {} at {}: {} ({})", routed, attempts, last.upstream(), kind, OneLine.of(cause.toString()));
        boolean byRule = all.allowAnother(kind, routed.method(), isRepeatable(), attempts);
        boolean goesOn = byRule && (!RetryRule.costs(kind.attempt()) || budget.hasRetry());
        LiveExplanation explanation = routed.explanation();
        if (explanation != null) {
            explanation.failed(kind, goesOn ? "retry" : whyNoRetry(kind, byRule));
        }
        if (goesOn) {
            retry(kind, last.upstream());
        } else {
            giveUp(kind);
        }
    }

    private void retry(FailureKind kind, Upstream unlike) {
        if (RetryRule.costs(kind.attempt())) {
            budget.retry();
        }
        target.traffic().retry();
        suspendBody();
        if (!kind.attempt().isOfReuse()) {
            failedAttempts().markTried(unlike);
        }
        pick();
    }

    /** Why no other attempt follows a failure, as a token. */
    private String whyNoRetry(FailureKind kind, boolean byRule) {
        if (responseBegan) {
            return "response-began";
        }
        return byRule ? "budget-spent" : RetryRule.whyNot(kind.attempt(), routed.method(), isRepeatable());
    }

    private boolean isRepeatable() {
        return !responseBegan && (body == null || body.canBeSentAgain());
    }

    private FailedAttempts failedAttempts() {
        FailedAttempts known = failedAttempts;
        if (known == null) {
            known = new FailedAttempts();
            failedAttempts = known;
        }
        return known;
    }

    /** The upstreams that failed this request; nearly always none. */
    private List<Upstream> tried() {
        FailedAttempts known = failedAttempts;
        return known == null ? List.of() : known.tried();
    }

    private void giveUp(FailureKind kind) {
        over();
        UpstreamAttempt last = current;
        FailedAttempts before = failedAttempts;
        if (last != null) {
            Throwable cause = before == null ? null : before.lastCause();
            loop.failureLog().requestFailed(routed, kind, attempts, last.upstream(), cause);
        } else if (kind != FailureKind.NO_INSTANCE) {
            // That a pool has no instance is logged by the pool, once.
            loop.failureLog().requestRejected(routed, kind);
        }
        Failures.reply(routed, kind, before == null ? null : before.causeOf(kind));
    }

    private void clientLeft() {
        if (over) {
            return;
        }
        routed.noteClientGone();
        log.debug("{}: {} ({})", routed, FailureKind.CLIENT_GONE.sentence(), FailureKind.CLIENT_GONE.status());
        abandon();
    }

    /** Ends the exchange without a response. */
    private void abandon() {
        UpstreamAttempt running = current;
        if (running != null) {
            running.abandon(Outcome.UNDECIDED, null);
        }
        over();
    }

    @Override
    public void over() {
        if (over) {
            return;
        }
        over = true;
        if (deadline != NO_TIMER) {
            loop.vertx().cancelTimer(deadline);
        }
        if (body != null) {
            body.discard();
        }
        if (permit != null) {
            permit.release();
        }
    }

    private void suspendBody() {
        if (body != null) {
            body.suspend();
        }
    }
}
