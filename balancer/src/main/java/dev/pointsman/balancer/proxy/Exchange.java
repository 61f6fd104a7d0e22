package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.resilience.RetryRule;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.Upstream;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer: attempts until one is answered or no further one is allowed. Lives on one event loop.
 *
 * <pre>
 *   start ─► pick ─► connect ─► send ─► answered ─► relay ─► over
 *             ▲         │         │
 *             └─ retry ─┴─────────┴──► reply of the failure ─► over         (the client leaves: over, from anywhere)
 * </pre>
 */
final class Exchange {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);
    private static final long NO_TIMER = -1;

    private final ProxyParts parts;
    private final Pool pool;
    private final HttpServerRequest request;
    private final RequestTarget target;
    private final boolean hasBody;
    private final boolean upgrade;
    private final List<Upstream> tried = new ArrayList<>(2);

    private @Nullable Attempt attempt;
    private @Nullable HttpClientRequest outgoing;
    private @Nullable FailureKind lastFailure;
    private int attempts;
    private long responseTimer = NO_TIMER;
    private boolean timedOut;
    private boolean over;

    Exchange(ProxyParts parts, Pool pool, HttpServerRequest request, RequestTarget target) {
        this.parts = parts;
        this.pool = pool;
        this.request = request;
        this.target = target;
        this.hasBody = Bodies.hasBody(request);
        this.upgrade = Upgrade.isAskedFor(request);
    }

    void start() {
        if (hasBody) {
            request.pause();
        }
        request.response().exceptionHandler(left -> clientLeft());
        pick();
    }

    private void pick() {
        Picker picker = pool.snapshot().picker();
        Upstream upstream = picker.pick(tried);
        if (upstream == null && lastFailure == FailureKind.BROKEN_ANSWER) {
            // Most likely a kept-alive connection that closed under us; the same upstream may be fine on a new one.
            upstream = picker.pick(List.of());
        }
        if (upstream == null) {
            giveUp(lastFailure == null ? FailureKind.NO_INSTANCE : lastFailure);
            return;
        }
        tried.add(upstream);
        attempts++;
        attempt = upstream.begin();
        (upgrade ? parts.connector().upgrade(upstream) : parts.connector().request(upstream))
                .onComplete(this::connected, cause -> failed(Failures.ofConnecting(cause), cause));
    }

    private void connected(HttpClientRequest connection) {
        if (over) {
            connection.reset();
            return;
        }
        outgoing = connection;
        parts.requestHead().write(request, target, connection);
        // A connection that breaks fails the response as well, which is where it is dealt with.
        connection.exceptionHandler(broken -> {});
        connection.earlyHintsHandler(this::hinted);
        if (upgrade) {
            Upgrade.ask(request, connection).onComplete(this::answered, this::notAnswered);
            awaitResponse();
            return;
        }
        connection.response().onComplete(this::answered, this::notAnswered);
        if (hasBody) {
            sendBody(connection);
        } else {
            connection.end();
            awaitResponse();
        }
    }

    private void sendBody(HttpClientRequest connection) {
        connection.setChunked(!request.headers().contains("content-length"));
        request.handler(chunk -> Bodies.write(chunk, request, connection));
        request.endHandler(end -> {
            connection.end();
            if (!over && !request.response().headWritten()) {
                awaitResponse();
            }
        });
        request.resume();
    }

    /** Passes a 103 on (RFC 8297), but not to HTTP/1.0, which has no interim answers (RFC 9110, 15.2). */
    private void hinted(MultiMap hints) {
        if (!over
                && request.version() == HttpVersion.HTTP_1_1
                && !request.response().headWritten()) {
            MultiMap fields = HttpHeaders.headers();
            HopHeaders.copyEndToEnd(hints, fields);
            request.response().writeEarlyHints(fields);
        }
    }

    private void awaitResponse() {
        responseTimer = parts.vertx().setTimer(parts.limits().response().toMillis(), fired -> {
            responseTimer = NO_TIMER;
            timedOut = true;
            if (outgoing != null) {
                outgoing.reset();
            }
        });
    }

    private void notAnswered(Throwable cause) {
        failed(timedOut ? FailureKind.RESPONSE_TIMEOUT : FailureKind.BROKEN_ANSWER, cause);
    }

    private void failed(FailureKind kind, Throwable cause) {
        stopTimer();
        endAttempt(over ? Outcome.UNDECIDED : Failures.outcomeOf(kind));
        if (over) {
            return;
        }
        lastFailure = kind;
        outgoing = null;
        boolean again = RetryRule.allows(kind, request.method().name(), hasBody, attempts);
        log.debug(
                "{} {}: attempt {} at {}: {} ({})",
                request.method(),
                target.path(),
                attempts,
                lastTried(),
                kind,
                cause.toString());
        if (again) {
            pick();
        } else {
            giveUp(kind);
        }
    }

    private void giveUp(FailureKind kind) {
        over = true;
        request.handler(null);
        if (!tried.isEmpty()) {
            String which = request.method() + " " + target.path();
            parts.failureLog().unanswered(which, kind, attempts, lastTried());
        }
        parts.drain().answer(request.response());
        Failures.reply(request, kind);
    }

    private Upstream lastTried() {
        return tried.get(tried.size() - 1);
    }

    private void answered(HttpClientResponse answer) {
        stopTimer();
        if (over) {
            answer.request().reset();
            return;
        }
        if (attempt != null) {
            attempt.answering(Outcome.ofStatus(answer.statusCode()));
        }
        parts.drain().answer(request.response());
        if (upgrade && answer.statusCode() == 101) {
            Upgrade.tunnel(request, answer, this::relayed);
        } else {
            new ResponseRelay(request, answer, this::relayed).start();
        }
    }

    /** The answer went to the client whole, or broke on the way. */
    private void relayed(Outcome outcome) {
        endAttempt(outcome);
        if (over) {
            return;
        }
        over = true;
        HttpClientRequest sent = outgoing;
        if (sent != null && (upgrade || (hasBody && !request.isEnded()))) {
            // Answered before it was sent whole: what is left of it must not reach whoever uses the connection next.
            sent.connection().close();
            request.handler(null);
            request.resume();
        }
        parts.drain().ended(request);
    }

    private void clientLeft() {
        if (over) {
            return;
        }
        over = true;
        log.debug("{} {}: {}", request.method(), target.path(), FailureKind.CLIENT_GONE.sentence());
        stopTimer();
        endAttempt(Outcome.UNDECIDED);
        if (outgoing != null) {
            outgoing.reset();
        }
    }

    private void endAttempt(Outcome outcome) {
        if (attempt != null) {
            attempt.end(outcome);
        }
    }

    private void stopTimer() {
        if (responseTimer != NO_TIMER) {
            parts.vertx().cancelTimer(responseTimer);
            responseTimer = NO_TIMER;
        }
    }
}
