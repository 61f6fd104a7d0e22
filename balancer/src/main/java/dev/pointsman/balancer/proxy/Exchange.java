package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.http.BodyFraming;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.resilience.RetryBudget;
import dev.pointsman.balancer.resilience.RetryRule;
import dev.pointsman.balancer.upstream.UpstreamConnection;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer: attempts until one is answered or no further one is allowed. Lives on one event loop.
 *
 * <pre>
 *   start ─► (wait for a place) ─► pick ─► attempt ─► over
 *                                   ▲        │
 *                                   └─ retry ┴──► reply of the failure ─► over   (the client leaves: over, from anywhere)
 * </pre>
 */
final class Exchange implements UpstreamAttempt.Owner, RequestBodyRelay.Events {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    private final EventLoopContext parts;
    private final RoutePool target;
    private final RetryBudget budget;
    private final RoutedRequest incoming;
    private final @Nullable RequestBodyRelay body;

    /** Who was asked and failed; nearly always nobody. */
    private List<Upstream> tried = List.of();

    private @Nullable UpstreamAttempt current;
    private @Nullable Permit place;
    private @Nullable FailureKind lastFailure;
    private int attempts;
    private long firstSent;
    private boolean answerBegan;
    private boolean over;

    Exchange(EventLoopContext parts, RoutePool target, RetryBudget budget, RoutedRequest incoming) {
        this.parts = parts;
        this.target = target;
        this.budget = budget;
        this.incoming = incoming;
        this.body = incoming.body() == BodyFraming.NONE
                ? null
                : new RequestBodyRelay(
                        parts,
                        incoming,
                        incoming.maxBody(parts.limits()),
                        RetryRule.isIdempotent(incoming.method()),
                        this);
    }

    void start() {
        if (over) {
            // The body was known to be none before its turn came.
            return;
        }
        incoming.request().response().exceptionHandler(left -> clientLeft());
        budget.request();
        if (target.room() == null) {
            pick();
        } else {
            Permit wanted = new Permit(target.room(), target.traffic(), parts.vertx(), incoming, this::begin);
            place = wanted;
            wanted.take(this::giveUp);
        }
    }

    /** Goes on to an upstream, or gives up; false if one is there that is only full. */
    private boolean begin() {
        PoolSnapshot snapshot = target.pool().snapshot();
        Attempt next = snapshot.begin(tried, incoming);
        if (next == null && lastFailure == FailureKind.BROKEN_ANSWER) {
            // Nobody else is left, but the same one may be fine on a new connection.
            next = snapshot.begin(List.of(), incoming);
        }
        if (next != null) {
            attempt(next);
            return true;
        }
        if (place != null && snapshot.hasUntried(tried)) {
            return false;
        }
        giveUp(lastFailure == null ? FailureKind.NO_INSTANCE : lastFailure);
        return true;
    }

    private void pick() {
        Permit held = place;
        if (held != null) {
            held.next();
        } else {
            begin();
        }
    }

    private void attempt(Attempt begun) {
        attempts++;
        UpstreamAttempt next = new UpstreamAttempt(parts, incoming, body, begun, this);
        current = next;
        // A second idle connection could be as stale as the first was.
        next.start(incoming.wantsUpgrade() || attempts > 1);
    }

    @Override
    public long answerWithinNanos() {
        long all = incoming.answerWithinNanos(parts.limits());
        Duration each = incoming.route().options().attempt();
        if (each == null) {
            return all;
        }
        if (firstSent == 0) {
            firstSent = parts.ticker().now();
        }
        return Math.min(each.toNanos(), all);
    }

    /** From an instance that is slower than an attempt may be to another one; if there is none, it is waited for on. */
    @Override
    public long late() {
        UpstreamAttempt slow = current;
        if (slow == null || incoming.route().options().attempt() == null) {
            return 0;
        }
        long left = firstSent
                + incoming.answerWithinNanos(parts.limits())
                - parts.ticker().now();
        if (left <= 0) {
            return 0;
        }
        if (!RetryRule.mayMoveOn(incoming.method(), isRepeatable(), attempts)) {
            return left;
        }
        giveNoMore(slow.upstream());
        Attempt other = target.pool().snapshot().begin(tried, incoming);
        if (other == null || !budget.retry()) {
            if (other != null) {
                other.end(Outcome.UNDECIDED);
            }
            return Math.min(left, answerWithinNanos());
        }
        log.debug("{}: goes on from {} to {}", incoming, slow.upstream(), other.upstream());
        target.traffic().moveOn();
        slow.abandon(Outcome.TIMED_OUT);
        holdBody();
        attempt(other);
        return 0;
    }

    @Override
    public void bodySent(UpstreamConnection on) {
        UpstreamAttempt sending = current;
        if (sending != null) {
            sending.sent();
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

    /** The request itself turns out to be bad while it is on its way. */
    private void refuse(FailureKind kind) {
        if (over) {
            return;
        }
        log.debug("{}: {}", incoming, kind.sentence());
        UpstreamAttempt begun = current;
        abandon();
        if (begun == null || begun.isUnanswered()) {
            incoming.client().endAfterAnswer();
            Failures.reply(incoming, kind);
        }
    }

    @Override
    public void answerBegins() {
        answerBegan = true;
    }

    @Override
    public void answering(Upstream by) {
        Picker picker = target.pool().snapshot().picker();
        String token = picker.token(by, incoming);
        if (token != null) {
            StickyCookie.add(incoming, token);
        }
    }

    @Override
    public void failed(FailureKind kind, Throwable cause) {
        UpstreamAttempt failed = current;
        if (over || failed == null) {
            return;
        }
        lastFailure = kind;
        log.debug("{}: attempt {} at {}: {} ({})", incoming, attempts, failed.upstream(), kind, cause.toString());
        if (mayRetry(kind)) {
            target.traffic().retry();
            holdBody();
            giveNoMore(failed.upstream());
            pick();
        } else {
            giveUp(kind);
        }
    }

    private boolean mayRetry(FailureKind kind) {
        return RetryRule.allows(kind, incoming.method(), isRepeatable(), attempts)
                && (!RetryRule.costs(kind) || budget.retry());
    }

    private boolean isRepeatable() {
        return !answerBegan && (body == null || body.canBeSentAgain());
    }

    private void giveNoMore(Upstream failed) {
        tried = tried.isEmpty() ? new ArrayList<>(2) : tried;
        if (!tried.contains(failed)) {
            tried.add(failed);
        }
    }

    private void giveUp(FailureKind kind) {
        over();
        UpstreamAttempt last = current;
        if (last != null) {
            parts.failureLog().unanswered(incoming, kind, attempts, last.upstream());
        } else if (kind != FailureKind.NO_INSTANCE) {
            // That a pool has nobody is said by the pool, once.
            parts.failureLog().turnedAway(incoming, kind);
        }
        Failures.reply(incoming, kind);
    }

    private void clientLeft() {
        if (over) {
            return;
        }
        log.debug("{}: {} ({})", incoming, FailureKind.CLIENT_GONE.sentence(), FailureKind.CLIENT_GONE.status());
        abandon();
    }

    /** Ends it all without an answer. */
    private void abandon() {
        UpstreamAttempt running = current;
        if (running != null) {
            running.abandon(Outcome.UNDECIDED);
        }
        over();
    }

    @Override
    public void over() {
        if (over) {
            return;
        }
        over = true;
        if (body != null) {
            body.forget();
        }
        if (place != null) {
            place.leave();
        }
    }

    private void holdBody() {
        if (body != null) {
            body.hold();
        }
    }
}
