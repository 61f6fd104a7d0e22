package dev.pointsman.balancer.accesslog;

import dev.pointsman.balancer.observe.AttemptTrace;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.observe.ObservedAttempt;
import dev.pointsman.balancer.observe.ObservedRequest;
import dev.pointsman.balancer.observe.RequestObserver;
import dev.pointsman.balancer.observe.RequestTrace;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that a test makes up, with whatever a client could send, or more. */
final class LoggedRequest extends ObservedRequest {
    static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    String method = "GET";
    String uri = "/api/x?a=1";

    @Nullable
    String host = "shop.example.com";

    String client = "192.0.2.7";

    @Nullable
    String route = "/api";

    @Nullable
    String service = "api-service";

    String id = "id-1";
    int status = 200;
    final HttpHeaders fields = anyFields();
    final HttpHeaders responseFields = anyFields();

    /** One that began and ended by this clock. */
    LoggedRequest(LoopObservers observers) {
        super(observers, null);
    }

    /** One that nobody is told of. */
    LoggedRequest() {
        this(LoopObservers.NONE);
    }

    /** One that is traced, and whose end is told to this observer. */
    static LoggedRequest traced(RequestObserver told, long[] nanos) {
        LoggedRequest request =
                new LoggedRequest(new LoopObservers(List.of(told), begun -> TRACED, () -> nanos[0], Runnable::run));
        request.beginTrace();
        return request;
    }

    /** Without a look at what is in them. */
    private static HttpHeaders anyFields() {
        return DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    }

    private static final RequestTrace TRACED = new RequestTrace() {
        @Override
        public String traceId() {
            return TRACE;
        }

        @Override
        public String spanId() {
            return "b7ad6b7169203331";
        }

        @Override
        public AttemptTrace attempt(ObservedAttempt attempt) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void ended(ObservedRequest request) {
            // Nothing follows it.
        }
    };

    @Override
    public String method() {
        return method;
    }

    @Override
    public String uri() {
        return uri;
    }

    @Override
    public String protocolVersion() {
        return "1.1";
    }

    @Override
    public @Nullable String host() {
        return host;
    }

    @Override
    public String scheme() {
        return "http";
    }

    @Override
    public String peerAddress() {
        return "192.0.2.1";
    }

    @Override
    public String originAddress() {
        return client;
    }

    @Override
    public HttpHeaders fields() {
        return fields;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public @Nullable String observedRoute() {
        return route;
    }

    @Override
    public @Nullable String service() {
        return service;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public HttpHeaders responseFields() {
        return responseFields;
    }

    @Override
    public long requestBytes() {
        return 12;
    }

    @Override
    public long responseBytes() {
        return 3456;
    }

    @Override
    public int peerPort() {
        return 40_000;
    }

    @Override
    public boolean isPeerTrusted() {
        return false;
    }

    @Override
    public @Nullable String forwardedTarget() {
        return uri;
    }
}
