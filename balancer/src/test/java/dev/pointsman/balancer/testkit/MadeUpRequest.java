package dev.pointsman.balancer.testkit;

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
public final class MadeUpRequest extends ObservedRequest {
    public static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    public String method = "GET";
    public String uri = "/api/x?a=1";

    public @Nullable String host = "shop.example.com";

    public String client = "192.0.2.7";

    public @Nullable String route = "/api";

    public @Nullable String service = "api-service";

    public String id = "id-1";
    public int status = 200;
    public final HttpHeaders fields = anyFields();
    public final HttpHeaders responseFields = anyFields();

    /** One that began and ended by this clock. */
    public MadeUpRequest(LoopObservers observers) {
        super(observers, null);
    }

    /** One that nobody is told of. */
    public MadeUpRequest() {
        this(LoopObservers.NONE);
    }

    /** One that is traced, and whose end is told to this observer. */
    public static MadeUpRequest traced(RequestObserver told, long[] nanos) {
        MadeUpRequest request =
                new MadeUpRequest(new LoopObservers(List.of(told), begun -> TRACED, () -> nanos[0], Runnable::run));
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
