package dev.pointsman.registry.embedded;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A prober on Vert.x's clients: each run of an HTTP or TCP check has a connection of its own, as in Consul. Call it on
 * the registry's context.
 */
final class VertxProber implements Prober {
    /** How much of a body goes into the check's output. */
    static final int MAX_OUTPUT = 4096;

    private final Vertx vertx;
    private final HttpClient http;
    private final HttpClient lenientHttp;
    private final NetClient tcp;

    VertxProber(Vertx vertx) {
        this.vertx = vertx;
        this.http = vertx.createHttpClient(options());
        this.lenientHttp = vertx.createHttpClient(options().setTrustAll(true).setVerifyHost(false));
        this.tcp = vertx.createNetClient(new NetClientOptions());
    }

    private static HttpClientOptions options() {
        return new HttpClientOptions().setKeepAlive(false).setDecompressionSupported(true);
    }

    @Override
    public void probe(CheckDefinition check, Consumer<ProbeResult> done) {
        Promise<ProbeResult> first = Promise.promise();
        long timer = vertx.setTimer(
                Math.max(1, check.timeout().toMillis()),
                id -> first.tryComplete(critical(what(check) + " did not respond within " + words(check.timeout()))));
        Future<ProbeResult> outcome =
                switch (check.kind()) {
                    case HTTP -> httpGet(check, first.future());
                    case TCP -> connect(check);
                    case TTL, GRPC, ALIAS ->
                        Future.failedFuture(new IllegalArgumentException("not a check to be run: " + check.id()));
                };
        outcome.onComplete(
                first::tryComplete, failure -> first.tryComplete(critical(what(check) + ": " + failure.getMessage())));
        first.future().onComplete(result -> {
            vertx.cancelTimer(timer);
            done.accept(result.result());
        });
    }

    private Future<ProbeResult> httpGet(CheckDefinition check, Future<ProbeResult> over) {
        RequestOptions options;
        try {
            options = request(check);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
        HttpClient client = check.skipTlsVerify() ? lenientHttp : http;
        return client.request(options).compose(request -> {
            // A request still under way when the time is over must not keep its connection.
            over.onComplete(result -> request.reset());
            return send(request, check).compose(response -> body(response).map(body -> judge(check, response, body)));
        });
    }

    private static RequestOptions request(CheckDefinition check) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(check.method()))
                .setAbsoluteURI(check.target())
                .setFollowRedirects(true)
                .setConnectTimeout(Math.max(1, check.timeout().toMillis()))
                .putHeader("User-Agent", "Consul Health Check")
                .putHeader("Accept", "text/plain, text/*, */*")
                .putHeader("Connection", "close");
        check.headers().forEach((name, values) -> options.getHeaders().set(name, values));
        return options;
    }

    private static Future<HttpClientResponse> send(HttpClientRequest request, CheckDefinition check) {
        return check.body().isEmpty() ? request.send() : request.send(Buffer.buffer(check.body()));
    }

    /** The beginning of the body; an endless one must not keep the check from its result. */
    private static Future<String> body(HttpClientResponse response) {
        Promise<String> promise = Promise.promise();
        Buffer start = Buffer.buffer();
        response.handler(chunk -> {
            start.appendBuffer(chunk, 0, Math.min(chunk.length(), MAX_OUTPUT - start.length()));
            if (start.length() >= MAX_OUTPUT) {
                promise.tryComplete(start.toString(StandardCharsets.UTF_8));
            }
        });
        response.exceptionHandler(promise::tryFail);
        response.endHandler(end -> promise.tryComplete(start.toString(StandardCharsets.UTF_8)));
        return promise.future();
    }

    private static ProbeResult judge(CheckDefinition check, HttpClientResponse response, String body) {
        int code = response.statusCode();
        CheckStatus status =
                code / 100 == 2 ? CheckStatus.PASSING : code == 429 ? CheckStatus.WARNING : CheckStatus.CRITICAL;
        return new ProbeResult(status, what(check) + ": " + code + " " + response.statusMessage() + " Output: " + body);
    }

    private Future<ProbeResult> connect(CheckDefinition check) {
        int colon = check.target().lastIndexOf(':');
        try {
            String host = check.target().substring(0, Math.max(0, colon));
            SocketAddress address = SocketAddress.inetSocketAddress(
                    Integer.parseInt(check.target().substring(colon + 1)),
                    host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host);
            return tcp.connect(address).map(socket -> {
                socket.close();
                return new ProbeResult(CheckStatus.PASSING, what(check) + ": Success");
            });
        } catch (RuntimeException e) {
            return Future.failedFuture("expected host:port");
        }
    }

    private static String what(CheckDefinition check) {
        return check.kind() == CheckDefinition.CheckKind.HTTP
                ? "HTTP " + check.method() + " " + check.target()
                : "TCP connect " + check.target();
    }

    private static String words(Duration duration) {
        return duration.toMillis() % TimeUnit.SECONDS.toMillis(1) == 0
                ? duration.toSeconds() + " s"
                : duration.toMillis() + " ms";
    }

    private static ProbeResult critical(String output) {
        return new ProbeResult(CheckStatus.CRITICAL, output);
    }

    Future<Void> close() {
        return Future.join(http.close(), lenientHttp.close(), tcp.close()).mapEmpty();
    }
}
