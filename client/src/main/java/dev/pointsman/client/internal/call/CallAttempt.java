package dev.pointsman.client.internal.call;

import dev.pointsman.client.internal.call.CallBody.BodyPart;
import dev.pointsman.client.internal.connection.IdleSocket;
import dev.pointsman.client.internal.connection.InstanceSocket;
import dev.pointsman.client.internal.connection.LoopConnections;
import dev.pointsman.client.internal.connection.PooledConnection;
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
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.net.HostAndPort;
import java.util.concurrent.TimeUnit;
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
    private @Nullable HttpClientRequest request;

    /** What the request is on; null before there is one, and where Vert.x's pool has given it. */
    private @Nullable PooledConnection connection;

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
        Transport transport = environment.transport();
        LoopConnections connections = call.head().isPlain() ? transport.connections(call.context()) : null;
        try {
            if (connections != null) {
                connections.take(upstream(), call.context(), this::taken);
            } else {
                transport.on(call.context()).request(optionsOfConnection()).onComplete(this::made);
            }
        } catch (RuntimeException refused) {
            // As when the client is closed, or what the caller asks for does not go together.
            fail(AttemptFailure.OF_THE_REQUEST, refused);
        }
    }

    private void taken(@Nullable PooledConnection got, @Nullable Throwable failure) {
        if (got == null) {
            made(Future.failedFuture(failure));
        } else if (over) {
            got.release();
        } else {
            connection = got;
            Future<HttpClientRequest> making = got.request(call.context(), options);
            if (making.isComplete()) {
                made(making);
            } else {
                making.onComplete(this::made);
            }
        }
    }

    private void made(AsyncResult<HttpClientRequest> got) {
        if (got.succeeded()) {
            connected(got.result());
        } else {
            discardConnection();
            fail(AttemptFailures.ofConnecting(got.cause()), got.cause());
        }
    }

    private void discardConnection() {
        PooledConnection used = connection;
        connection = null;
        if (used != null) {
            used.close();
        }
    }

    private RequestOptions optionsOfConnection() {
        InstanceSocket socket = environment.transport().socket(upstream());
        HostAndPort authority = socket.authority();
        if (!authority.host().equals(socket.address().host())) {
            options.setHost(authority.host()).setPort(authority.port());
        }
        // That connecting takes too long is the transport's to say; this is for the wait when all connections are in
        // use.
        return options.setServer(socket.address())
                .setConnectTimeout(TimeUnit.NANOSECONDS.toMillis(environment.responseNanos()));
    }

    private void connected(HttpClientRequest ready) {
        if (over) {
            reset(ready);
            return;
        }
        request = ready;
        reused = IdleSocket.isReused(connectionOf(ready));
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
            reset(ready);
        }
    }

    /**
     * Whether the connection is not there any more. Looked at where it matters: the request may be sent once only, or was sent
     * into such a connection already, and there may be many of them.
     */
    private boolean isGone(HttpClientRequest ready) {
        return (attempts.hasMetStaleConnection()
                        || !RetryRule.isIdempotent(call.head().methodForRetry()))
                && !IdleSocket.isSilent(connectionOf(ready));
    }

    private HttpConnection connectionOf(HttpClientRequest ready) {
        return connection == null ? ready.connection() : connection.connection();
    }

    /** Leaves a connection that is gone, with nothing sent, for the next one: a new one when all idle ones are gone. */
    private void leave(HttpClientRequest ready) {
        request = null;
        // Closed and not reset: a reset request gives its connection back to those that are idle.
        close(ready);
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

    private void close(HttpClientRequest of) {
        if (connection == null) {
            var unused = of.connection().close();
        } else {
            discardConnection();
        }
    }

    private void reset(HttpClientRequest of) {
        var unused = of.reset();
        // Of what was not sent yet nothing is left; but this one has no pool that learns of it.
        discardConnection();
    }

    private void sendUnsent(HttpClientRequest ready) {
        CallBody body = call.body();
        if (!headSent) {
            if (connection != null && call.head().followRedirects()) {
                environment.transport().followRedirects(ready, call.context());
            }
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
            reset(response.request());
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
            close(used);
            return;
        }
        if (sentAt > 0) {
            PooledConnection free = connection;
            connection = null;
            if (free != null) {
                free.release();
            }
            return;
        }
        // What is left of the request must not reach the next user of the connection. (A reset would keep it: the
        // response is over.)
        close(used);
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
                reset(sent);
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
