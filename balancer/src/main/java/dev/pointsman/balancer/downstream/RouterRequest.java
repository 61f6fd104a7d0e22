package dev.pointsman.balancer.downstream;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpFrame;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.StreamPriority;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request in the form that routers of Vert.x take, in whichever version of HTTP it came. It has what a request's head says; its
 * body is an {@link ArrivingBody} and does not come by this way, and what a router would need for forms, files and WebSockets of
 * its own there is not. For one event loop.
 */
public final class RouterRequest extends HttpServerRequestInternal {
    private final ClientConnection client;
    private final ContextInternal context;
    private final HttpRequest head;
    private final ReceivedRequest received;
    private final HttpMethod method;
    private final HttpVersion version;
    private final RouterResponse response;
    private @Nullable String path;

    /**
     * A request that has arrived as far as its head.
     *
     * @param context that of the event loop
     * @param head with fields of Vert.x's kind
     * @param received the same, as far as it was received
     * @param writer writes the response
     */
    public RouterRequest(
            ClientConnection client,
            ContextInternal context,
            HttpRequest head,
            ReceivedRequest received,
            HttpVersion version,
            ResponseWriter writer) {
        this.client = client;
        this.context = context;
        this.head = head;
        this.received = received;
        this.method = HttpMethod.valueOf(head.method().name());
        this.version = version;
        this.response = new RouterResponse(client, this, writer);
    }

    /** As far as it was received. */
    public ReceivedRequest received() {
        return received;
    }

    @Override
    public ContextInternal context() {
        return context;
    }

    @Override
    public @Nullable Object metric() {
        return null;
    }

    @Override
    public HttpVersion version() {
        return version;
    }

    @Override
    public HttpMethod method() {
        return method;
    }

    @Override
    public String uri() {
        return head.uri();
    }

    /** The path of the target in origin-form or absolute-form. */
    @Override
    public String path() {
        String known = path;
        if (known == null) {
            known = pathOf(head.uri());
            path = known;
        }
        return known;
    }

    private static String pathOf(String target) {
        int start = 0;
        if (!target.startsWith("/")) {
            int scheme = target.indexOf("://");
            start = scheme < 0 ? -1 : target.indexOf('/', scheme + 3);
            if (start < 0) {
                return "/";
            }
        }
        int query = target.indexOf('?', start);
        return query < 0 ? target.substring(start) : target.substring(start, query);
    }

    @Override
    public @Nullable String query() {
        int query = head.uri().indexOf('?');
        return query < 0 ? null : head.uri().substring(query + 1);
    }

    @Override
    public MultiMap headers() {
        return (MultiMap) head.headers();
    }

    @Override
    public String getHeader(String name) {
        return head.headers().get(name);
    }

    @Override
    public String getHeader(CharSequence name) {
        return head.headers().get(name);
    }

    @Override
    public HttpServerResponse response() {
        return response;
    }

    /** Its response, with what its connection tells it. */
    public RouterResponse ownResponse() {
        return response;
    }

    @Override
    public HttpConnection connection() {
        throw new UnsupportedOperationException("see ClientConnection.of");
    }

    @Override
    public String scheme() {
        return client.peer().scheme();
    }

    @Override
    public @Nullable HostAndPort authority() {
        String host = head.headers().get(HttpHeaderNames.HOST);
        return host == null ? null : HostAndPort.parseAuthority(host, -1);
    }

    @Override
    public @Nullable HostAndPort authority(boolean real) {
        return authority();
    }

    @Override
    public String absoluteURI() {
        return head.uri().startsWith("/")
                ? scheme() + "://" + head.headers().get(HttpHeaderNames.HOST) + head.uri()
                : head.uri();
    }

    @Override
    public DecoderResult decoderResult() {
        return head.decoderResult();
    }

    @Override
    public long bytesRead() {
        return received.body().received();
    }

    @Override
    public boolean isEnded() {
        return false;
    }

    @Override
    public HttpServerRequest exceptionHandler(@Nullable Handler<Throwable> handler) {
        return this;
    }

    @Override
    public HttpServerRequest handler(@Nullable Handler<Buffer> handler) {
        return this;
    }

    /** Without effect: see {@link ClientConnection#setReading}. */
    @Override
    public HttpServerRequest pause() {
        return this;
    }

    /** Without effect: see {@link ClientConnection#setReading}. */
    @Override
    public HttpServerRequest resume() {
        return this;
    }

    @Override
    public HttpServerRequest fetch(long amount) {
        return this;
    }

    @Override
    public HttpServerRequest endHandler(@Nullable Handler<Void> endHandler) {
        return this;
    }

    @Override
    public HttpServerRequest setParamsCharset(String charset) {
        return this;
    }

    @Override
    public String getParamsCharset() {
        return StandardCharsets.UTF_8.name();
    }

    @Override
    public MultiMap params(boolean semicolonIsNormalChar) {
        return MultiMap.caseInsensitiveMultiMap();
    }

    @Override
    public Future<Buffer> body() {
        return Future.failedFuture(new UnsupportedOperationException("a body arrives as an ArrivingBody"));
    }

    @Override
    public Future<Void> end() {
        return Future.failedFuture(new UnsupportedOperationException("a body arrives as an ArrivingBody"));
    }

    @Override
    public Future<NetSocket> toNetSocket() {
        return Future.failedFuture(new UnsupportedOperationException("a connection becomes a tunnel by its client"));
    }

    @Override
    public Future<ServerWebSocket> toWebSocket() {
        return Future.failedFuture(new UnsupportedOperationException("WebSockets end at the instances"));
    }

    @Override
    public HttpServerRequest setExpectMultipart(boolean expect) {
        return this;
    }

    @Override
    public boolean isExpectMultipart() {
        return false;
    }

    @Override
    public HttpServerRequest uploadHandler(@Nullable Handler<HttpServerFileUpload> uploadHandler) {
        return this;
    }

    @Override
    public MultiMap formAttributes() {
        return MultiMap.caseInsensitiveMultiMap();
    }

    @Override
    public @Nullable String getFormAttribute(String name) {
        return null;
    }

    @Override
    public HttpServerRequest customFrameHandler(@Nullable Handler<HttpFrame> handler) {
        return this;
    }

    @Override
    public HttpServerRequest streamPriorityHandler(@Nullable Handler<StreamPriority> handler) {
        return this;
    }

    @Override
    public @Nullable Cookie getCookie(String name) {
        return null;
    }

    @Override
    public @Nullable Cookie getCookie(String name, String domain, String cookiePath) {
        return null;
    }

    @Override
    public Set<Cookie> cookies(String name) {
        return Set.of();
    }

    @Override
    public Set<Cookie> cookies() {
        return Set.of();
    }
}
