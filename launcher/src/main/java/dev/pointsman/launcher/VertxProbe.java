package dev.pointsman.launcher;

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

/** Asks by Vert.x, each time on a new connection. */
final class VertxProbe implements Probe {
    private static final Logger LOG = LoggerFactory.getLogger(VertxProbe.class);

    private final Vertx vertx;
    private final HttpClient http;
    private final NetClient tcp;

    /** @param vertx stays the caller's to close, and with it this */
    VertxProbe(Vertx vertx) {
        this.vertx = vertx;
        this.http = vertx.httpClientBuilder()
                .with(new HttpClientOptions().setKeepAlive(false))
                .withConnectHandler(connection -> connection.exceptionHandler(VertxProbe::afterTheFact))
                .build();
        this.tcp = vertx.createNetClient(new NetClientOptions());
    }

    @Override
    public CompletionStage<Result> ask(String address, int port, @Nullable String path, Duration timeout) {
        Promise<Result> first = Promise.promise();
        long timer = vertx.setTimer(
                Math.max(1, timeout.toMillis()),
                over -> first.tryComplete(new Result(false, "no answer within " + timeout.toMillis() + " ms")));
        Future<Result> asked = path == null ? connect(address, port) : get(address, port, path, first.future());
        asked.onComplete(first::tryComplete, failure -> first.tryComplete(new Result(false, message(failure))));
        return first.future().onComplete(done -> vertx.cancelTimer(timer)).toCompletionStage();
    }

    private Future<Result> connect(String address, int port) {
        return tcp.connect(port, address).map(socket -> {
            socket.close();
            return new Result(true, "");
        });
    }

    private Future<Result> get(String address, int port, String path, Future<Result> over) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(address)
                .setPort(port)
                .setURI(path)
                .putHeader("User-Agent", "pointsman-launcher")
                .putHeader("Connection", "close");
        return http.request(options).compose(request -> {
            // Whatever is still under way when it is decided must not keep its connection.
            over.onComplete(decided -> request.reset());
            request.exceptionHandler(VertxProbe::afterTheFact);
            return request.send().map(response -> {
                response.exceptionHandler(VertxProbe::afterTheFact);
                int status = response.statusCode();
                return status / 100 == 2
                        ? new Result(true, "")
                        : new Result(false, "GET " + path + " was answered with " + status);
            });
        });
    }

    /** The head decides, and what becomes of the rest is nobody's concern; without this, Vert.x logs it as an error. */
    private static void afterTheFact(Throwable failure) {
        LOG.debug("A health check's answer was not read to its end: {}", failure.toString());
    }

    private static String message(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.lines().findFirst().orElse("no answer");
    }
}
