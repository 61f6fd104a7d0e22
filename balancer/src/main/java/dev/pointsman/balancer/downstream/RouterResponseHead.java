package dev.pointsman.balancer.downstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The head of a response, in the form that handlers of Vert.x take: its status, its fields and those of its
 * trailer section. What of that form belongs to HTTP/2, to files or to a server's cookies is not supported. For one event
 * loop.
 */
abstract class RouterResponseHead implements HttpServerResponse {
    private final HttpHeaders headers = (HttpHeaders) io.vertx.core.http.HttpHeaders.headers();
    private @Nullable HttpHeaders trailers;
    private HttpResponseStatus status = HttpResponseStatus.OK;

    final HttpResponseStatus status() {
        return status;
    }

    final HttpHeaders fields() {
        return headers;
    }

    final boolean hasTrailers() {
        return trailers != null;
    }

    @Override
    public int getStatusCode() {
        return status.code();
    }

    @Override
    public HttpServerResponse setStatusCode(int code) {
        status = HttpResponseStatus.valueOf(code);
        return this;
    }

    @Override
    public String getStatusMessage() {
        return status.reasonPhrase();
    }

    @Override
    public HttpServerResponse setStatusMessage(String message) {
        status = HttpResponseStatus.valueOf(status.code(), message);
        return this;
    }

    @Override
    public MultiMap headers() {
        return (MultiMap) headers;
    }

    @Override
    public HttpServerResponse putHeader(String name, String value) {
        headers.set(name, value);
        return this;
    }

    @Override
    public HttpServerResponse putHeader(CharSequence name, CharSequence value) {
        headers.set(name, value);
        return this;
    }

    @Override
    public HttpServerResponse putHeader(String name, Iterable<String> values) {
        headers.set(name, values);
        return this;
    }

    @Override
    public HttpServerResponse putHeader(CharSequence name, Iterable<CharSequence> values) {
        headers.set(name, values);
        return this;
    }

    @Override
    public MultiMap trailers() {
        return (MultiMap) trailerFields();
    }

    final HttpHeaders trailerFields() {
        HttpHeaders known = trailers;
        if (known == null) {
            known = (HttpHeaders) io.vertx.core.http.HttpHeaders.headers();
            trailers = known;
        }
        return known;
    }

    @Override
    public HttpServerResponse putTrailer(String name, String value) {
        trailerFields().set(name, value);
        return this;
    }

    @Override
    public HttpServerResponse putTrailer(CharSequence name, CharSequence value) {
        trailerFields().set(name, value);
        return this;
    }

    @Override
    public HttpServerResponse putTrailer(String name, Iterable<String> values) {
        trailerFields().set(name, values);
        return this;
    }

    @Override
    public HttpServerResponse putTrailer(CharSequence name, Iterable<CharSequence> values) {
        trailerFields().set(name, values);
        return this;
    }

    @Override
    public HttpServerResponse headersEndHandler(@Nullable Handler<Void> handler) {
        throw new UnsupportedOperationException("see ClientConnection.completeFields");
    }

    @Override
    public HttpServerResponse bodyEndHandler(@Nullable Handler<Void> handler) {
        throw new UnsupportedOperationException("see endHandler");
    }

    /** Without effect: how much may wait is the connection's. */
    @Override
    public HttpServerResponse setWriteQueueMaxSize(int maxSize) {
        return this;
    }

    /** Without effect: the framing is what the fields say. */
    @Override
    public HttpServerResponse setChunked(boolean chunked) {
        return this;
    }

    @Override
    public boolean isChunked() {
        return headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    @Override
    public Future<Void> writeEarlyHints(MultiMap hints) {
        return Future.failedFuture(new UnsupportedOperationException("see ClientConnection.sendInterim"));
    }

    @Override
    public int streamId() {
        return -1;
    }

    @Override
    public Future<Void> sendFile(String filename, long offset, long length) {
        return unsupported();
    }

    @Override
    public Future<Void> sendFile(FileChannel channel, long offset, long length) {
        return unsupported();
    }

    @Override
    public Future<Void> sendFile(RandomAccessFile file, long offset, long length) {
        return unsupported();
    }

    @Override
    public Future<HttpServerResponse> push(HttpMethod method, HostAndPort authority, String path, MultiMap pushed) {
        return unsupported();
    }

    @Override
    public Future<Void> writeCustomFrame(int type, int flags, Buffer payload) {
        return unsupported();
    }

    private static <T> Future<T> unsupported() {
        return Future.failedFuture(new UnsupportedOperationException("not in a proxy's response"));
    }

    @Override
    public HttpServerResponse addCookie(Cookie cookie) {
        headers.add(HttpHeaderNames.SET_COOKIE, cookie.encode());
        return this;
    }

    @Override
    public @Nullable Cookie removeCookie(String name, boolean invalidate) {
        return null;
    }

    @Override
    public Set<Cookie> removeCookies(String name, boolean invalidate) {
        return Set.of();
    }

    @Override
    public @Nullable Cookie removeCookie(String name, String domain, String path, boolean invalidate) {
        return null;
    }
}
