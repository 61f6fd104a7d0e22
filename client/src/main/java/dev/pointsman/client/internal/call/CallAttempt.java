package dev.pointsman.client.internal.call;

import dev.pointsman.client.internal.call.CallBody.BodyPart;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.Upstream;
import dev.pointsman.retry.AttemptFailure;
import dev.pointsman.retry.RetryRule;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import org.jspecify.annotations.Nullable;

/** One attempt of a call at one instance. Lives on the call's context, and ends exactly once. */
final class CallAttempt {
    /** Statuses below are of responses before the final one, or switch to another protocol. */
    private static final int FIRST_FINAL = 200;

    private final CallEnvironment environment;
    private final ServiceCall call;
    private final CallAttempts attempts;
    private final Attempt counted;
    private final long began;

    private final RequestOptions options;
    private final AttemptConnection connection;
    private @Nullable HttpClientRequest request;

    private boolean reused;
    private boolean headSent;
    private int partsSent;
    private long sentAt;
    private int status;
    private boolean over;

    CallAttempt(CallEnvironment environment, ServiceCall call, CallAttempts attempts, Attempt counted) {
        this.environment = environment;
        this.call = call;
        this.attempts = attempts;
        this.counted = counted;
        this.options = call.head().optionsOfAttempt();
        this.connection = new AttemptConnection(environment, call, counted.upstream());
        this.began = environment.hasListener() ? environment.now() : 0;
    }

    Upstream upstream() {
        return counted.upstream();
    }

    /** The request to the instance; null as long as there is no connection. */
    @Nullable
    HttpClientRequest request() {
        return request;
    }

    /** Gets a connection, then tells the call. */
    void connect() {
        try {
            connection.request(options, () -> !over, this::made);
        } catch (RuntimeException refused) {
            fail(AttemptFailure.OF_THE_REQUEST, refused);
        }
    }

    private void made(AsyncResult<HttpClientRequest> got) {
        if (got.succeeded()) {
            connected(got.result());
        } else {
            connection.discard();
            fail(AttemptFailures.ofConnecting(got.cause()), got.cause());
        }
    }

    private void connected(HttpClientRequest ready) {
        if (over) {
            connection.reset(ready);
            return;
        }
        request = ready;
        reused = connection.isReused(ready);
        // What fails makes the response fail as well, where it is dealt with.
        ready.exceptionHandler(failure -> {});
        if (call.handlers().awaitsDrain()) {
            awaitDrain();
        }
        ready.response().onComplete(responded -> {
            if (ready != request) {
                return;
            }
            if (responded.succeeded()) {
                responded(responded.result());
            } else {
                fail(AttemptFailures.ofWaiting(responded.cause(), reused, headSent), responded.cause());
            }
        });
        if (call.connectedOnce()) {
            attempts.proceed();
        }
        // A caller that waits for room may have begun to wait when there was no connection at all.
        attempts.drained(this);
    }

    /** Tells the call when more can be written. */
    void awaitDrain() {
        HttpClientRequest ready = request;
        if (ready != null) {
            ready.drainHandler(drained -> attempts.drained(this));
        }
    }

    /** Sends what the call has of its head and its body and was not sent yet. */
    void proceed() {
        HttpClientRequest ready = request;
        if (ready == null || over) {
            return;
        }
        if (!headSent && isGone(ready)) {
            leave(ready);
            return;
        }
        try {
            sendUnsent(ready);
        } catch (RuntimeException refused) {
            // What cannot be sent to this instance cannot be sent to another one.
            fail(AttemptFailure.OF_THE_REQUEST, refused);
            connection.reset(ready);
        }
    }

    /**
     * Whether the connection is not there any more. Looked at where it matters: the request may be sent once only, or was sent
     * into such a connection already, and there may be many of them.
     */
    private boolean isGone(HttpClientRequest ready) {
        return (attempts.hasMetStaleConnection()
                        || !RetryRule.isIdempotent(call.head().methodForRetry()))
                && !connection.isSilent(ready);
    }

    /** Leaves a connection that is gone, with nothing sent, for the next one: a new one when all idle ones are gone. */
    private void leave(HttpClientRequest ready) {
        request = null;
        // Closed and not reset: a reset request gives its connection back to those that are idle.
        connection.close(ready);
        if (!reused) {
            fail(AttemptFailure.CONNECT_FAILED, new HttpClosedException("Connection was closed"));
            return;
        }
        // On another turn of the loop: there may be a thousand of them.
        call.context().runOnContext(next -> {
            if (!over) {
                connect();
            }
        });
    }

    private void sendUnsent(HttpClientRequest ready) {
        CallBody body = call.body();
        if (!headSent) {
            connection.prepare(ready);
            call.prepare(ready, options);
            headSent = true;
            if (body.count() == 0) {
                var unused = ready.sendHead();
            }
        }
        while (partsSent < body.count() && !over) {
            send(ready, body.part(partsSent++));
        }
    }

    private void send(HttpClientRequest to, BodyPart part) {
        Buffer data = part.data();
        Future<Void> written;
        if (part.isLast()) {
            written = data == null ? to.end() : to.end(data);
        } else {
            written = to.write(data);
        }
        if (written.isComplete()) {
            written(part, written);
        } else {
            written.onComplete(done -> written(part, written));
        }
    }

    private void written(BodyPart part, Future<Void> written) {
        if (written.failed()) {
            part.notWritten(written.cause());
            return;
        }
        part.written();
        if (part.isLast() && !over && sentAt == 0) {
            sentAt = environment.now();
            attempts.sentWhole(this, sentAt);
        }
    }

    private void responded(HttpClientResponse response) {
        if (over) {
            connection.reset(response.request());
            return;
        }
        status = response.statusCode();
        Outcome byHead = Outcome.ofStatus(status);
        response.end().onComplete(ended -> {
            if (ended.succeeded()) {
                responseEnded();
                end(byHead);
            } else {
                end(ended.cause() instanceof StreamResetException ? Outcome.UNDECIDED : Outcome.BROKEN);
            }
        });
        counted.responseBegan(byHead);
        attempts.responded(this, response);
    }

    private void responseEnded() {
        HttpClientRequest used = request;
        if (used == null) {
            return;
        }
        if (status < FIRST_FINAL) {
            // What follows is of another protocol, or the response proper: no later request's.
            connection.close(used);
            return;
        }
        if (sentAt > 0) {
            connection.release();
            return;
        }
        // What is left of the request must not reach the next user of the connection. (A reset would keep it: the
        // response is over.)
        connection.close(used);
        call.endedEarly();
    }

    /** For how long the request was under way until now; 0 while it was not sent whole. */
    long waitedFor() {
        return sentAt == 0 ? 0 : environment.now() - sentAt;
    }

    /** The number of the body's parts that were sent. */
    int partsSent() {
        return partsSent;
    }

    /** Ends it without a response, and closes its connection. */
    void abandon(Outcome outcome) {
        if (end(outcome)) {
            HttpClientRequest sent = request;
            if (sent != null) {
                connection.reset(sent);
            }
        }
    }

    private void fail(AttemptFailure kind, Throwable cause) {
        if (end(kind.blame())) {
            attempts.failed(this, kind, cause);
        }
    }

    private boolean end(Outcome outcome) {
        if (over) {
            return false;
        }
        over = true;
        counted.end(outcome);
        environment.attemptEnded(call.address(), upstream().instance(), outcome, status, began);
        return true;
    }
}
