package dev.pointsman.registry.consul;

import dev.pointsman.registry.OneLine;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.consul.internal.query.ConsulTransport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A transport to one Consul agent on a Vert.x client of its own. To be used on one Vert.x context. */
final class ConsulHttp implements ConsulTransport {
    /**
     * The most connections at a time. A blocked query takes one to itself, and Consul allows 200 from one address
     * ({@code limits.http_max_conns_per_client}): beyond, it resets them all, those of the {@code consul} command line,
     * of registering services and of a second balancer on this machine too. So there is a distance to keep.
     */
    static final int MOST_CONNECTIONS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(ConsulHttp.class);
    private static final int CONNECT_TIMEOUT_MS = 2_000;

    private final Vertx vertx;
    private final ConsulAddress address;
    private final HttpClient client;

    ConsulHttp(Vertx vertx, ConsulAddress address) {
        this.vertx = vertx;
        this.address = address;
        this.client = vertx.httpClientBuilder()
                .with(options(address))
                .with(new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS))
                // The request under way fails too and reports it; without this, Vert.x logs it as an error.
                .withConnectHandler(connection -> connection.exceptionHandler(
                        cause -> LOG.debug("A connection to Consul at {} broke", address.url(), cause)))
                .build();
    }

    private static HttpClientOptions options(ConsulAddress address) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setTcpKeepAlive(true)
                .setName("consul-watches");
        if (address.tls()) {
            ConsulTls.configure(options, address);
        }
        return options;
    }

    /** A parameter's value, percent-encoded. */
    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public ConsulCall get(String pathAndQuery, Duration timeout) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(address.port(), address.host()))
                .setHost(address.host().indexOf(':') >= 0 ? "[" + address.host() + "]" : address.host())
                .setPort(address.port())
                .setURI(pathAndQuery + enterpriseScope());
        if (address.token() != null) {
            request.putHeader("X-Consul-Token", address.token());
        }
        HttpCall call = new HttpCall(timeout);
        // One tick later: the connection of the response that led to this request is not back in the pool before, and
        // another one would be opened beside it.
        vertx.runOnContext(v -> call.begin(request));
        return call;
    }

    /** Consul's community edition responds 400 to a namespace, so it is only sent when one was given. */
    private String enterpriseScope() {
        return (address.namespace() == null ? "" : "&ns=" + segment(address.namespace()))
                + (address.partition() == null ? "" : "&partition=" + segment(address.partition()));
    }

    @Override
    public void close() {
        client.close();
    }

    private final class HttpCall implements ConsulCall {
        private final Promise<ListResponse> response = Promise.promise();
        private final Duration timeout;
        private @Nullable HttpClientRequest request;
        private @Nullable Long timer;

        HttpCall(Duration timeout) {
            this.timeout = timeout;
            response.future().onComplete(ended -> {
                if (timer != null) {
                    vertx.cancelTimer(timer);
                }
            });
        }

        void begin(RequestOptions options) {
            if (response.future().isComplete()) {
                return;
            }
            try {
                client.request(options).onSuccess(this::send).onFailure(this::unreachable);
            } catch (RuntimeException e) {
                unreachable(e);
            }
        }

        private void send(HttpClientRequest opened) {
            // Without it, Vert.x reports our own resets as errors.
            opened.exceptionHandler(this::unreachable);
            if (response.future().isComplete()) {
                opened.reset();
                return;
            }
            request = opened;
            // From here on, and not from the wait for a free connection, which says nothing about Consul.
            timer = vertx.setTimer(timeout.toMillis(), fired -> {
                unreachable("no response within " + timeout.toMillis() + " ms");
                opened.reset();
            });
            opened.send()
                    .compose(head -> head.body().map(body -> read(head, body)))
                    .onSuccess(response::tryComplete)
                    .onFailure(this::unreachable);
        }

        private void unreachable(Throwable cause) {
            // What went wrong comes first, and why at the end: of a bad certificate Vert.x itself says next to nothing.
            Throwable root = cause;
            while (root.getCause() != null && root.getCause() != root) {
                root = root.getCause();
            }
            String what = message(cause);
            String why = message(root);
            unreachable(OneLine.of(what.contains(why) ? what : what + ": " + why, 200));
        }

        private void unreachable(String why) {
            response.tryFail(new RegistryException(Kind.UNREACHABLE, why));
        }

        @Override
        public Future<ListResponse> response() {
            return response.future();
        }

        @Override
        public void cancel() {
            unreachable("cancelled");
            if (request != null) {
                request.reset();
            }
        }
    }

    private static String message(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** A number of milliseconds, or 0: nothing depends on it but a doubt, so a value that is no number counts as missing. */
    private static long millis(@Nullable String header) {
        try {
            return header == null ? 0 : Long.parseUnsignedLong(header.strip());
        } catch (NumberFormatException noNumber) {
            return 0;
        }
    }

    private static ListResponse read(HttpClientResponse response, Buffer body) {
        return new ListResponse(
                response.statusCode(),
                response.getHeader("X-Consul-Index"),
                millis(response.getHeader("X-Consul-LastContact")),
                "true".equalsIgnoreCase(response.getHeader("X-Consul-Results-Filtered-By-ACLs")),
                body);
    }
}
