package dev.pointsman.balancer.health;

import dev.pointsman.balancer.route.HealthCheck;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.tls.TlsFailedException;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.registry.OneLine;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client on Vert.x's: each check has a connection of its own, so that it also tells whether the instance accepts new ones.
 * The status decides; the content is read up to {@value #MOST_CONTENT} bytes so that the instance can send it, and ignored. To
 * be called on one event loop.
 */
final class VertxHealthClient implements HealthClient {
    private static final Logger log = LoggerFactory.getLogger(VertxHealthClient.class);
    private static final int MOST_CONTENT = 65_536;
    private static final int LARGEST_HEAD = 16_384;
    private static final int LONGEST_REASON = 200;
    private static final String GRPC_STATUS = "grpc-status";

    /** The operating system's words for EMFILE and ENFILE, ENOBUFS and ENOMEM, which the JDK passes on as text alone. */
    private static final List<String> OWN_SHORTAGES =
            List.of("Too many open files", "No buffer space available", "Cannot allocate memory");

    private final Vertx vertx;
    private final CheckSecurity security;
    private final HttpClient http;
    private final HttpClient http2;
    private final NetClient tcp;

    /** @param tls what checks over TLS are secured by now */
    VertxHealthClient(Vertx vertx, Supplier<UpstreamTls> tls) {
        this.vertx = vertx;
        this.security = new CheckSecurity(tls);
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(false).setForceSni(true).setMaxHeaderSize(LARGEST_HEAD),
                new PoolOptions().setHttp1MaxSize(ActiveHealthChecks.PARALLEL));
        this.tcp = vertx.createNetClient();
        this.http2 = vertx.createHttpClient(
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setHttp2MultiplexingLimit(1)
                        .setUseAlpn(true)
                        .setForceSni(true)
                        .setInitialSettings(
                                new Http2Settings().setPushEnabled(false).setMaxHeaderListSize(LARGEST_HEAD)),
                new PoolOptions().setHttp2MaxSize(ActiveHealthChecks.PARALLEL));
    }

    @Override
    public void check(CheckSubject subject, Consumer<CheckResult> done) {
        OneCheck check = new OneCheck(subject);
        check.over.future().onSuccess(done::accept);
        check.begin();
    }

    @Override
    public void close() {
        http.close()
                .eventually(http2::close)
                .eventually(tcp::close)
                .onFailure(cause -> log.warn("the client of health checks was not closed: {}", cause.toString()));
    }

    /** One request, from connecting to the end of the response. */
    private final class OneCheck {
        private final CheckSubject subject;
        private final HealthCheck rule;
        private final Promise<CheckResult> over = Promise.promise();
        private CheckResult verdict;
        private int received;

        private OneCheck(CheckSubject subject) {
            this.subject = subject;
            this.rule = subject.rule();
            this.verdict = CheckResult.failed("did not answer within " + written(rule.timeout()));
        }

        private void begin() {
            long timer = vertx.setTimer(Math.max(1, rule.timeout().toMillis()), fired -> over.tryComplete(verdict));
            over.future().onComplete(ended -> vertx.cancelTimer(timer));
            try {
                if (rule.isTcp()) {
                    tcp.connect(where()).onComplete(this::accepted, this::failed);
                } else {
                    (isHttp2() ? http2 : http).request(options()).onComplete(this::connected, this::failed);
                }
            } catch (RuntimeException noSuchAddress) {
                failed(noSuchAddress);
            }
        }

        private boolean isHttp2() {
            return subject.transport().protocol().isHttp2();
        }

        private ConnectOptions where() {
            return new ConnectOptions()
                    .setHost(subject.address())
                    .setPort(subject.port())
                    .setTimeout((int) rule.timeout().toMillis());
        }

        /** What the instance says first, as some do, is not waited for. */
        private void accepted(NetSocket connection) {
            over.tryComplete(CheckResult.passed("took a connection"));
            connection.close().onFailure(gone -> log.debug("{} was gone already", subject.authority(), gone));
        }

        private RequestOptions options() {
            String address = subject.address();
            int port = subject.port();
            String authority = (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
            String host = rule.host().equals(RouteOptions.HOST_OF_INSTANCE) ? authority : rule.host();
            RequestOptions options = new RequestOptions()
                    .setServer(SocketAddress.inetSocketAddress(port, address))
                    .setMethod(rule.isGrpc() ? HttpMethod.POST : HttpMethod.GET)
                    .setHost(address)
                    .setPort(port)
                    .setURI(rule.isGrpc() ? GrpcHealth.PATH : rule.path())
                    .setConnectTimeout(rule.timeout().toMillis())
                    .putHeader("User-Agent", "Pointsman-Health-Check");
            // In HTTP/2 it is :authority, which Vert.x makes of the field.
            options.putHeader("Host", host);
            if (rule.isGrpc()) {
                options.putHeader("content-type", "application/grpc").putHeader("te", "trailers");
            } else {
                options.putHeader("Accept", "*/*");
            }
            if (subject.transport().protocol().isTls()) {
                security.secure(options, subject);
                if (isHttp2()) {
                    options.setSslOptions(options.getSslOptions()
                            .copy()
                            .setUseAlpn(true)
                            .setApplicationLayerProtocols(UpstreamTls.HTTP_2));
                }
            }
            return options;
        }

        private void connected(HttpClientRequest request) {
            if (over.future().isComplete()) {
                request.reset();
                return;
            }
            // What is still under way when the time is over, or when enough was read, must not keep its connection.
            over.future().onComplete(ended -> {
                request.reset();
                if (isHttp2()) {
                    var unused = request.connection().close();
                }
            });
            if (rule.isGrpc()) {
                request.send(GrpcHealth.request(rule.grpcService())).onComplete(this::grpcResponded, this::failed);
            } else {
                request.send().onComplete(this::responded, this::failed);
            }
        }

        private void responded(HttpClientResponse response) {
            verdict = new CheckResult(
                    rule.expected().contains(response.statusCode()), "answered " + response.statusCode());
            response.handler(part -> {
                received += part.length();
                if (received > MOST_CONTENT) {
                    over.tryComplete(verdict);
                }
            });
            response.exceptionHandler(cut -> over.tryComplete(verdict));
            response.endHandler(end -> over.tryComplete(verdict));
        }

        private void grpcResponded(HttpClientResponse response) {
            Buffer content = Buffer.buffer();
            response.handler(part -> {
                content.appendBuffer(part);
                if (content.length() > MOST_CONTENT) {
                    over.tryComplete(CheckResult.failed("answered more than a health"));
                }
            });
            response.exceptionHandler(this::failed);
            response.endHandler(end -> {
                // Of an answer without a message the status stands in the head.
                String trailer = response.getTrailer(GRPC_STATUS);
                String status = trailer == null ? response.getHeader(GRPC_STATUS) : trailer;
                over.tryComplete(
                        response.statusCode() == 200
                                ? GrpcHealth.result(status == null ? "" : status, content)
                                : CheckResult.failed("answered " + response.statusCode()));
            });
        }

        private void failed(Throwable cause) {
            if (isOwnShortage(cause)) {
                log.warn("health checks cannot be made: {}", OneLine.of(cause.toString(), LONGEST_REASON));
                over.tryComplete(CheckResult.NONE);
                return;
            }
            String message =
                    CheckSecurity.isOfTls(cause) ? TlsFailedException.of(cause).getMessage() : cause.getMessage();
            String why = message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
            over.tryComplete(CheckResult.failed("failed (" + OneLine.of(why, LONGEST_REASON) + ")"));
        }
    }

    /** Whether it was this process that could not make a connection, for want of a file descriptor or of memory. */
    private static boolean isOwnShortage(Throwable failure) {
        Throwable each = failure;
        while (each != null) {
            String message = String.valueOf(each.getMessage());
            if (OWN_SHORTAGES.stream().anyMatch(message::contains)) {
                return true;
            }
            each = each.getCause() == each ? null : each.getCause();
        }
        return false;
    }

    private static String written(Duration time) {
        long millis = time.toMillis();
        return millis % TimeUnit.SECONDS.toMillis(1) == 0 ? time.toSeconds() + " s" : millis + " ms";
    }
}
