package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.resilience.RetryBudget;
import dev.pointsman.balancer.resilience.RetryRule;
import dev.pointsman.balancer.upstream.AnswerListener;
import dev.pointsman.balancer.upstream.BadAnswerException;
import dev.pointsman.balancer.upstream.Connection;
import dev.pointsman.balancer.upstream.Connections;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer: attempts until one is answered or no further one is allowed. Lives on one event loop.
 *
 * <pre>
 *   start ─► pick ─► connect ─► send ─► head ─► relay ─► over
 *             ▲         │         │
 *             └─ retry ─┴─────────┴──► reply of the failure ─► over         (the client leaves: over, from anywhere)
 * </pre>
 */
final class Exchange implements Connections.Waiting, AnswerListener, RequestBody.Events {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    private final ProxyParts parts;
    private final Pool pool;
    private final RetryBudget budget;
    private final Incoming incoming;
    private final @Nullable RequestBody body;

    /** Who was asked and failed; nearly always nobody. */
    private List<Upstream> tried = List.of();

    private @Nullable Attempt attempt;
    private @Nullable Connection connection;
    private @Nullable AnswerRelay relay;
    private @Nullable Tunnel tunnel;
    private @Nullable Continue wait;
    private @Nullable FailureKind lastFailure;
    private Outcome answered = Outcome.UNDECIDED;
    private int attempts;
    private boolean sent;
    private boolean answerBegan;
    private boolean over;

    Exchange(ProxyParts parts, Pool pool, RetryBudget budget, Incoming incoming) {
        this.parts = parts;
        this.pool = pool;
        this.budget = budget;
        this.incoming = incoming;
        this.body = incoming.body() == BodyFraming.NONE
                ? null
                : new RequestBody(
                        incoming, incoming.maxBody(parts.limits()), RetryRule.isIdempotent(incoming.method()), this);
    }

    void start() {
        if (over) {
            // The body was known to be none before its turn came.
            return;
        }
        incoming.request().response().exceptionHandler(left -> clientLeft());
        budget.request();
        pick();
    }

    private void pick() {
        Picker picker = pool.snapshot().picker();
        Upstream upstream = picker.pick(tried);
        if (upstream == null && lastFailure == FailureKind.BROKEN_ANSWER) {
            // Nobody else is left, but the same one may be fine on a new connection.
            upstream = picker.pick(List.of());
        }
        if (upstream == null) {
            giveUp(lastFailure == null ? FailureKind.NO_INSTANCE : lastFailure);
            return;
        }
        attempts++;
        attempt = upstream.begin();
        if (incoming.wantsUpgrade() || attempts > 1) {
            // A second idle connection could be as stale as the first was.
            parts.connections().open(upstream, this);
        } else {
            parts.connections().connect(upstream, this);
        }
    }

    @Override
    public void notConnected(Throwable cause) {
        failed(Failures.ofConnecting(cause), cause);
    }

    @Override
    public void connected(Connection ready) {
        Attempt current = attempt;
        if (over || current == null) {
            ready.notNeeded();
            return;
        }
        connection = ready;
        sent = false;
        ready.begin(this, incoming.isHead());
        HeadBuffer head = parts.requestHead().write(incoming, current.upstream());
        ByteBuf octets = ready.buffer(head.length());
        head.writeTo(octets);
        ready.write(octets);
        if (body == null) {
            bodySent(ready);
        } else {
            body.sendTo(ready);
            if (incoming.waitsForContinue() && wait == null) {
                wait = new Continue(incoming, parts);
            }
        }
    }

    @Override
    public void bodySent(Connection on) {
        sent = true;
        on.requestSent(incoming.answerWithinNanos(parts.limits()));
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
        AnswerRelay begun = relay;
        abandon();
        if (begun == null || begun.brokeOff()) {
            incoming.client().endAfterAnswer();
            Failures.reply(incoming, kind);
        }
    }

    /** The fields of the final answer are read into the client's answer at once. */
    @Override
    public HttpHeaders fields(int status) {
        if (status < 200) {
            return DefaultHttpHeadersFactory.headersFactory().newHeaders();
        }
        MultiMap own = incoming.request().response().headers();
        own.clear();
        return (HttpHeaders) own;
    }

    @Override
    public void interim(HttpResponse interim) {
        if (wait != null && interim.status().code() == 100) {
            wait.over();
        } else if (InterimAnswers.pass(interim, incoming)) {
            answerBegan = true;
        }
    }

    @Override
    public void head(HttpResponse head) {
        Connection from = connection;
        if (from == null) {
            return;
        }
        if (wait != null) {
            wait.cancel();
        }
        answered = Outcome.ofStatus(head.status().code());
        if (attempt != null) {
            attempt.answering(answered);
        }
        if (head.status().code() == 101) {
            switched(head, from);
        } else {
            AnswerRelay begun = new AnswerRelay(incoming, from);
            relay = begun;
            begun.head(head);
        }
    }

    private void switched(HttpResponse head, Connection from) {
        if (incoming.wantsUpgrade() && Incoming.isWebSocket(head.headers())) {
            Tunnel opened = new Tunnel(incoming, from, this::tunnelClosed);
            tunnel = opened;
            opened.open(head);
        } else {
            from.close();
            broken(new BadAnswerException("101 to a protocol that was not asked for"));
        }
    }

    @Override
    public void chunk(ByteBuf octets) {
        if (relay != null) {
            relay.chunk(octets);
        } else if (tunnel != null) {
            tunnel.fromUpstream(octets);
        } else {
            octets.release();
        }
    }

    @Override
    public void pauseInReading() {
        if (relay != null) {
            relay.pauseInReading();
        }
    }

    @Override
    public void end(HttpHeaders trailers) {
        AnswerRelay begun = relay;
        Connection from = connection;
        if (over || begun == null || from == null) {
            return;
        }
        over = true;
        endAttempt(answered);
        if (sent) {
            from.finished();
        } else {
            // Answered before it was sent whole: what is left of it must not reach whoever uses the connection next.
            from.close();
            forgetBody();
        }
        begun.end(trailers);
    }

    @Override
    public void broken(Throwable cause) {
        if (tunnel != null) {
            tunnel.upstreamClosed();
            return;
        }
        AnswerRelay begun = relay;
        if (begun == null) {
            failed(Failures.ofWaiting(cause), cause);
            return;
        }
        over = true;
        FailureKind kind = Failures.ofWaiting(cause);
        endAttempt(Failures.outcomeOf(kind));
        forgetBody();
        parts.failureLog().brokeOff(incoming, kind, current(), cause);
        if (begun.brokeOff()) {
            Failures.reply(incoming, kind);
        }
    }

    @Override
    public void writable() {
        if (tunnel != null) {
            tunnel.upstreamWritable();
        } else if (body != null) {
            body.goOn();
        }
    }

    private void failed(FailureKind kind, Throwable cause) {
        endAttempt(over ? Outcome.UNDECIDED : Failures.outcomeOf(kind));
        connection = null;
        if (over) {
            return;
        }
        lastFailure = kind;
        log.debug("{}: attempt {} at {}: {} ({})", incoming, attempts, current(), kind, cause.toString());
        if (mayRetry(kind)) {
            if (body != null) {
                body.hold();
            }
            tried = tried.isEmpty() ? new ArrayList<>(2) : tried;
            tried.add(current());
            pick();
        } else {
            giveUp(kind);
        }
    }

    private boolean mayRetry(FailureKind kind) {
        boolean repeatable = !answerBegan && (body == null || body.canBeSentAgain());
        return RetryRule.allows(kind, incoming.method(), repeatable, attempts)
                && (!RetryRule.costs(kind) || budget.retry());
    }

    private void giveUp(FailureKind kind) {
        over = true;
        forgetBody();
        if (attempt != null) {
            parts.failureLog().unanswered(incoming, kind, attempts, current());
        }
        Failures.reply(incoming, kind);
    }

    private Upstream current() {
        return java.util.Objects.requireNonNull(attempt).upstream();
    }

    private void tunnelClosed() {
        over = true;
        endAttempt(answered);
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
        over = true;
        if (wait != null) {
            wait.cancel();
        }
        endAttempt(Outcome.UNDECIDED);
        forgetBody();
        Connection used = connection;
        if (used != null) {
            used.close();
        }
    }

    private void forgetBody() {
        if (body != null) {
            body.forget();
        }
    }

    private void endAttempt(Outcome outcome) {
        if (attempt != null) {
            attempt.end(outcome);
        }
    }
}
