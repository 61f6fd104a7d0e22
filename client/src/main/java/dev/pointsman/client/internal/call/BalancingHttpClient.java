package dev.pointsman.client.internal.call;

import dev.pointsman.client.ServiceAddress;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.http.HttpClientInternal;
import io.vertx.core.internal.net.NetClientInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.spi.metrics.Metrics;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Vert.x's HTTP client for which a {@link ServiceAddress} is an address like others. Requests to any other address, and all that
 * is no request, go to the client that it stands on. Thread-safe.
 *
 * <p>Of Vert.x's internal types it has to be one, or {@code WebClient.wrap} does not take it.
 */
public final class BalancingHttpClient implements HttpClientInternal {
    private final HttpClientInternal transport;
    private final CallEnvironment environment;

    BalancingHttpClient(CallEnvironment environment) {
        this.transport = environment.transport().any();
        this.environment = environment;
    }

    @Override
    public Future<HttpClientRequest> request(RequestOptions options) {
        if (!(options.getServer() instanceof ServiceAddress address)) {
            return transport.request(options);
        }
        ContextInternal context = vertx().getOrCreateContext();
        ServiceCall call;
        try {
            call = new ServiceCall(environment, context, address, options);
        } catch (RuntimeException | LinkageError refused) {
            return context.failedFuture(refused);
        }
        call.run(call::start);
        return call.connected();
    }

    @Override
    public Future<HttpClientConnection> connect(HttpConnectOptions options) {
        return transport.connect(options);
    }

    @Override
    public Future<Boolean> updateSSLOptions(ClientSSLOptions options, boolean force) {
        return transport.updateSSLOptions(options, force);
    }

    @Override
    public Future<Void> shutdown(long timeout, TimeUnit unit) {
        return environment.transport().shutdown(Duration.ofMillis(unit.toMillis(timeout)));
    }

    @Override
    public void close(Completable<Void> completion) {
        environment.transport().shutdown(Duration.ZERO).onComplete(completion);
    }

    @Override
    public VertxInternal vertx() {
        return transport.vertx();
    }

    @Override
    public Function<HttpClientResponse, Future<RequestOptions>> redirectHandler() {
        return transport.redirectHandler();
    }

    @Override
    public HttpClientOptions options() {
        return transport.options();
    }

    @Override
    public NetClientInternal netClient() {
        return transport.netClient();
    }

    @Override
    public Future<Void> closeFuture() {
        return transport.closeFuture();
    }

    @Override
    public Metrics getMetrics() {
        return transport.getMetrics();
    }

    @Override
    public boolean isMetricsEnabled() {
        return transport.isMetricsEnabled();
    }
}
