package dev.pointsman.client.internal.call;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientForm;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamPriority;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The request of a call, as its caller writes it. Which instance it goes to, and whether it goes to another one when that fails,
 * is the call's.
 *
 * <p>What belongs to one connection or to HTTP/2 alone is refused with {@link UnsupportedOperationException}: frames of one's
 * own, pushes, CONNECT.
 */
final class BalancedRequest implements HttpClientRequest {
    private final ServiceCall call;
    private @Nullable Handler<Throwable> exceptionHandler;
    private volatile boolean headSent;

    BalancedRequest(ServiceCall call) {
        this.call = call;
    }

    /** Notes that there will be no response; on the call's context. */
    void failed(Throwable why) {
        Handler<Throwable> handler = exceptionHandler;
        if (handler != null) {
            handler.handle(why);
        }
    }

    private HttpClientRequest sent() {
        HttpClientRequest sent = call.sent();
        if (sent == null) {
            throw new IllegalStateException("the request has no connection at this moment");
        }
        return sent;
    }

    @Override
    public HttpClientRequest exceptionHandler(@Nullable Handler<Throwable> handler) {
        exceptionHandler = handler;
        return this;
    }

    @Override
    public HttpClientRequest setWriteQueueMaxSize(int maxSize) {
        call.head().writeQueueMaxSize(maxSize);
        return this;
    }

    @Override
    public boolean writeQueueFull() {
        return call.isWriteQueueFull();
    }

    @Override
    public HttpClientRequest drainHandler(@Nullable Handler<Void> handler) {
        call.onDrain(handler);
        return this;
    }

    @Override
    public HttpClientRequest authority(@Nullable HostAndPort authority) {
        call.head().authority(authority);
        return this;
    }

    @Override
    public HttpClientRequest setFollowRedirects(boolean followRedirects) {
        call.head().followRedirects(followRedirects);
        return this;
    }

    @Override
    public boolean isFollowRedirects() {
        return call.head().followRedirects();
    }

    @Override
    public HttpClientRequest setMaxRedirects(int maxRedirects) {
        call.head().maxRedirects(maxRedirects);
        return this;
    }

    @Override
    public int getMaxRedirects() {
        return Math.max(0, call.head().maxRedirects());
    }

    @Override
    public int numberOfRedirections() {
        return sent().numberOfRedirections();
    }

    @Override
    public HttpClientRequest redirectHandler(
            @Nullable Function<HttpClientResponse, Future<HttpClientRequest>> handler) {
        throw new UnsupportedOperationException("a handler of redirections; follow them by a call of its own");
    }

    @Override
    public HttpClientRequest setChunked(boolean chunked) {
        call.head().chunked(chunked);
        return this;
    }

    @Override
    public boolean isChunked() {
        return call.head().isChunked();
    }

    @Override
    public HttpMethod getMethod() {
        return call.head().method();
    }

    @Override
    public HttpClientRequest setMethod(HttpMethod method) {
        call.head().method(Objects.requireNonNull(method));
        return this;
    }

    @Override
    public String absoluteURI() {
        return sent().absoluteURI();
    }

    @Override
    public String getURI() {
        return call.head().uri();
    }

    @Override
    public HttpClientRequest setURI(String uri) {
        call.head().uri(Objects.requireNonNull(uri));
        return this;
    }

    @Override
    public @Nullable String path() {
        return URI.create(getURI()).getRawPath();
    }

    @Override
    public @Nullable String query() {
        return URI.create(getURI()).getRawQuery();
    }

    @Override
    public MultiMap headers() {
        return call.head().headers();
    }

    @Override
    public HttpClientRequest putHeader(String name, String value) {
        headers().set(name, value);
        return this;
    }

    @Override
    public HttpClientRequest putHeader(CharSequence name, CharSequence value) {
        headers().set(name, value);
        return this;
    }

    @Override
    public HttpClientRequest putHeader(String name, Iterable<String> values) {
        headers().set(name, values);
        return this;
    }

    @Override
    public HttpClientRequest putHeader(CharSequence name, Iterable<CharSequence> values) {
        headers().set(name, values);
        return this;
    }

    @Override
    public HttpClientRequest traceOperation(@Nullable String operation) {
        call.head().traceOperation(operation);
        return this;
    }

    @Override
    public @Nullable String traceOperation() {
        return call.head().traceOperation();
    }

    @Override
    public HttpVersion version() {
        return sent().version();
    }

    @Override
    public HttpClientRequest continueHandler(@Nullable Handler<Void> handler) {
        call.handlers().onContinue(handler);
        return this;
    }

    @Override
    public HttpClientRequest earlyHintsHandler(@Nullable Handler<MultiMap> handler) {
        call.handlers().onEarlyHints(handler);
        return this;
    }

    @Override
    public Future<Void> sendHead() {
        headSent = true;
        call.sendHead();
        return Future.succeededFuture();
    }

    @Override
    public Future<HttpClientResponse> connect() {
        throw unsupported("CONNECT");
    }

    @Override
    public Future<HttpClientResponse> response() {
        return call.response();
    }

    @Override
    public Future<HttpClientResponse> send() {
        return call.send(null);
    }

    @Override
    public Future<HttpClientResponse> send(Buffer body) {
        requireLength(body);
        return call.send(body);
    }

    @Override
    public Future<HttpClientResponse> send(String body) {
        return send(Buffer.buffer(body));
    }

    @Override
    public Future<HttpClientResponse> send(ClientForm form) {
        throw unsupported("a ClientForm");
    }

    @Override
    public Future<Void> write(Buffer data) {
        requireLength(null);
        return call.write(Objects.requireNonNull(data), false);
    }

    @Override
    public Future<Void> write(String chunk) {
        return write(Buffer.buffer(chunk));
    }

    @Override
    public Future<Void> write(String chunk, String encoding) {
        return write(Buffer.buffer(chunk, encoding));
    }

    @Override
    public Future<Void> end(Buffer chunk) {
        requireLength(chunk);
        return call.write(Objects.requireNonNull(chunk), true);
    }

    @Override
    public Future<Void> end(String chunk) {
        return end(Buffer.buffer(chunk));
    }

    @Override
    public Future<Void> end(String chunk, String encoding) {
        return end(Buffer.buffer(chunk, encoding));
    }

    @Override
    public Future<Void> end() {
        return call.write(null, true);
    }

    /** @throws IllegalStateException if the length of the body is to be told before it, and was not */
    private void requireLength(@Nullable Buffer whole) {
        MultiMap headers = headers();
        boolean lengthFollows = whole != null && (!headSent || whole.length() == 0);
        if (!isChunked() && !lengthFollows && !headers.contains("Content-Length")) {
            throw new IllegalStateException(
                    "the length of the body is not known: set Content-Length, or setChunked(true), before it is written");
        }
    }

    @Override
    public HttpClientRequest idleTimeout(long timeout) {
        call.head().idleTimeout(timeout);
        return this;
    }

    @Override
    public HttpClientRequest pushHandler(@Nullable Handler<HttpClientRequest> handler) {
        return this;
    }

    @Override
    public Future<Void> reset(long code) {
        return call.reset(code, null);
    }

    @Override
    public Future<Void> reset(long code, @Nullable Throwable cause) {
        return call.reset(code, cause);
    }

    @Override
    public HttpConnection connection() {
        return sent().connection();
    }

    @Override
    public Future<Void> writeCustomFrame(int type, int flags, Buffer payload) {
        throw unsupported("a frame of one's own");
    }

    @Override
    public @Nullable StreamPriority getStreamPriority() {
        return null;
    }

    private static UnsupportedOperationException unsupported(String what) {
        return new UnsupportedOperationException(what + " cannot be sent to a service, only to one of its instances");
    }
}
