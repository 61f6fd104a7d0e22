package dev.pointsman.launcher.run;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Health checks by Vert.x, each on a connection of its own. */
public final class VertxHealthProbe implements HealthProbe {
    private static final Logger LOG = LoggerFactory.getLogger(VertxHealthProbe.class);

    private final Vertx vertx;
    private final HttpClient http;
    private final NetClient tcp;

    /** @param vertx stays the caller's to close, which closes this too */
    public VertxHealthProbe(Vertx vertx) {
        this.vertx = vertx;
        this.http = vertx.httpClientBuilder()
                .with(new HttpClientOptions().setKeepAlive(false))
                .withConnectHandler(connection -> connection.exceptionHandler(VertxHealthProbe::afterTheFact))
                .build();
        this.tcp = vertx.createNetClient(new NetClientOptions());
    }

    @Override
    public CompletionStage<HealthResult> check(String address, int port, @Nullable String path, Duration timeout) {
        Promise<HealthResult> first = Promise.promise();
        long timer = vertx.setTimer(
                Math.max(1, timeout.toMillis()),
                over -> first.tryComplete(new HealthResult(false, "no response within " + timeout.toMillis() + " ms")));
        Future<HealthResult> result = path == null ? connect(address, port) : get(address, port, path, first.future());
        result.onComplete(first::tryComplete, failure -> first.tryComplete(new HealthResult(false, message(failure))));
        return first.future().onComplete(done -> vertx.cancelTimer(timer)).toCompletionStage();
    }

    private Future<HealthResult> connect(String address, int port) {
        return tcp.connect(port, address).map(socket -> {
            socket.close();
            return new HealthResult(true, "");
        });
    }

    private Future<HealthResult> get(String address, int port, String path, Future<HealthResult> over) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(address)
                .setPort(port)
                .setURI(path)
                .putHeader("User-Agent", "pointsman-launcher")
                .putHeader("Connection", "close");
        return http.request(options).compose(request -> {
            // A request that is in flight after the timeout must not keep its connection.
            over.onComplete(decided -> request.reset());
            request.exceptionHandler(VertxHealthProbe::afterTheFact);
            return request.send().map(response -> {
                response.exceptionHandler(VertxHealthProbe::afterTheFact);
                int status = response.statusCode();
                return status / 100 == 2
                        ? new HealthResult(true, "")
                        : new HealthResult(false, "GET " + path + " was responded to with " + status);
            });
        });
    }

    /** Ignores the rest of a response, as the status decides; without this, Vert.x would log it as an error. */
    private static void afterTheFact(Throwable failure) {
        LOG.debug("A health check's response was not read to its end: {}", failure.toString());
    }

    private static String message(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.lines().findFirst().orElse("no response");
    }
}
