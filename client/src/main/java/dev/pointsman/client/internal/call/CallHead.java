package dev.pointsman.client.internal.call;

import dev.pointsman.pool.QueryParameters;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.registry.OneLine;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head of a request as its caller wants it, whichever instance it is written to. For the call's context alone. */
final class CallHead implements RequestFacts {
    /** By it a caller says that a request may be sent twice although its method does not (draft-ietf-httpapi-idempotency-key-header). */
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** What gives a method its leave to be sent again, see {@link #methodForRetry}. */
    private static final String IDEMPOTENT = "PUT";

    private static final int DELETE = 0x7f;

    /** Most requests have none beside those that the transport sets. */
    private @Nullable MultiMap headers;

    private final @Nullable String routingKey;
    private final long timeoutMillis;
    private long idleTimeoutMillis;
    private final @Nullable Boolean ssl;
    private HttpMethod method;
    private String uri;
    private @Nullable HostAndPort authority;
    private @Nullable String traceOperation;
    private boolean chunked;
    private boolean followRedirects;
    private int maxRedirects = -1;
    private int writeQueueMaxSize = -1;
    private @Nullable String stickyToken;

    CallHead(RequestOptions options) {
        MultiMap given = options.getHeaders();
        if (given != null) {
            headers().setAll(given);
        }
        routingKey = options.getRoutingKey();
        timeoutMillis = options.getTimeout();
        idleTimeoutMillis = options.getIdleTimeout();
        ssl = options.isSsl();
        method = options.getMethod();
        uri = options.getURI();
        if (options.getHost() != null) {
            authority = HostAndPort.create(options.getHost(), options.getPort() == null ? -1 : options.getPort());
        }
        traceOperation = options.getTraceOperation();
        followRedirects = Boolean.TRUE.equals(options.getFollowRedirects());
    }

    MultiMap headers() {
        MultiMap present = headers;
        if (present == null) {
            present = HttpHeaders.headers();
            headers = present;
        }
        return present;
    }

    /** For how long the caller waits for a response, in milliseconds; not above 0 where it leaves that to the client. */
    long timeoutMillis() {
        return timeoutMillis;
    }

    HttpMethod method() {
        return method;
    }

    void method(HttpMethod newMethod) {
        method = newMethod;
    }

    /** The method for the rule of what may be sent again: with a key of idempotency every method counts as idempotent. */
    String methodForRetry() {
        return headers != null && headers.contains(IDEMPOTENCY_KEY) ? IDEMPOTENT : method.name();
    }

    String uri() {
        return uri;
    }

    void uri(String newUri) {
        uri = newUri;
    }

    void authority(@Nullable HostAndPort newAuthority) {
        authority = newAuthority;
    }

    boolean isChunked() {
        return chunked;
    }

    void chunked(boolean now) {
        chunked = now;
    }

    boolean followRedirects() {
        return followRedirects;
    }

    void followRedirects(boolean follow) {
        followRedirects = follow;
    }

    int maxRedirects() {
        return maxRedirects;
    }

    void maxRedirects(int most) {
        maxRedirects = most;
    }

    @Nullable
    String traceOperation() {
        return traceOperation;
    }

    void traceOperation(@Nullable String operation) {
        traceOperation = operation;
    }

    void idleTimeout(long millis) {
        idleTimeoutMillis = millis;
    }

    void writeQueueMaxSize(int size) {
        writeQueueMaxSize = size;
    }

    /** Lets a sticky policy find the instance of earlier calls; null where it is to choose. */
    void stickyToken(@Nullable String token) {
        stickyToken = token;
    }

    /** Whether it is HTTP without TLS, as nearly all are. */
    boolean isPlain() {
        return ssl == null || !ssl;
    }

    /** The options of a request to one instance; its head is written later, by {@link #writeTo}. */
    RequestOptions optionsOfAttempt() {
        RequestOptions options = new RequestOptions().setMethod(method).setURI(uri);
        if (ssl != null) {
            options.setSsl(ssl);
        }
        return options;
    }

    /**
     * Sets the head of a request to an instance, of which nothing is sent yet.
     *
     * @param made the {@linkplain #optionsOfAttempt options} that it was made by
     * @throws IllegalArgumentException if the URI or the host has a character that would end it before its end (RFC 9112, 3.2)
     */
    void writeTo(HttpClientRequest request, RequestOptions made) {
        if (method.equals(HttpMethod.CONNECT)) {
            throw new IllegalArgumentException("CONNECT goes to a host and a port, and not to a service");
        }
        if (!isVisible(uri)) {
            throw new IllegalArgumentException(
                    "the URI has characters that must be percent-encoded: " + OneLine.of(uri));
        }
        if (authority != null && !isVisible(authority.host())) {
            throw new IllegalArgumentException(
                    "the host has characters that no host has: " + OneLine.of(authority.host()));
        }
        if (!method.equals(made.getMethod())) {
            request.setMethod(method);
        }
        if (!uri.equals(made.getURI())) {
            request.setURI(uri);
        }
        if (chunked) {
            request.setChunked(true);
        }
        if (headers != null) {
            request.headers().setAll(headers);
        }
        if (authority != null) {
            request.authority(authority);
        }
        if (traceOperation != null) {
            request.traceOperation(traceOperation);
        }
        if (followRedirects) {
            request.setFollowRedirects(true);
        }
        if (maxRedirects >= 0) {
            request.setMaxRedirects(maxRedirects);
        }
        if (idleTimeoutMillis > 0) {
            request.idleTimeout(idleTimeoutMillis);
        }
        if (writeQueueMaxSize > 0) {
            request.setWriteQueueMaxSize(writeQueueMaxSize);
        }
    }

    private static boolean isVisible(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= DELETE) {
                return false;
            }
        }
        return true;
    }

    @Override
    public @Nullable String clientAddress() {
        return routingKey;
    }

    @Override
    public @Nullable String header(String name) {
        return headers == null ? null : headers.get(name);
    }

    @Override
    public @Nullable String cookie(String name) {
        for (String line : headers == null ? List.<String>of() : headers.getAll(HttpHeaders.COOKIE)) {
            for (Cookie cookie : ServerCookieDecoder.LAX.decodeAll(line)) {
                if (cookie.name().equals(name)) {
                    return cookie.value();
                }
            }
        }
        return stickyToken;
    }

    @Override
    public @Nullable String queryParameter(String name) {
        return QueryParameters.first(uri, name);
    }
}
