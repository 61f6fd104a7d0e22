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
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
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
    private static final String OF_THE_AGENT = "/v1/agent/";
    private static final int CONNECT_TIMEOUT_MS = 2_000;
    /** Two a second, each for 5 s at the most. */
    private static final int KNOCKS = 12;
    /** An idle connection may be dead for all that is known; one that is needed again is needed soon. */
    private static final int IDLE_SECONDS = 10;

    /** The time that each further {@link #PIECE} of a response may take; less is a connection that is as good as dead. */
    private static final Duration PIECE_TIMEOUT = Duration.ofSeconds(3);

    private static final int PIECE = 64 * 1024;
    /** A server without contact to the leader for longer is cut off, and its data are as old as that. */
    private static final long LONGEST_LAST_CONTACT_MS = 10_000;

    private final Vertx vertx;
    private final ConsulAddress address;
    private final ReadBudget budget;
    private final HttpClient knocker;
    private HttpClient client;

    ConsulHttp(Vertx vertx, ConsulAddress address) {
        this(vertx, address, ReadBudget.ofHeap());
    }

    ConsulHttp(Vertx vertx, ConsulAddress address, ReadBudget budget) {
        this.vertx = vertx;
        this.address = address;
        this.budget = budget;
        this.client = newClient();
        this.knocker = vertx.httpClientBuilder()
                .with(options(address).setKeepAlive(false))
                .with(new PoolOptions().setHttp1MaxSize(KNOCKS))
                .withConnectHandler(connection -> connection.exceptionHandler(
                        cause -> LOG.debug("A connection to Consul at {} broke", address.place(), cause)))
                .build();
    }

    private HttpClient newClient() {
        return vertx.httpClientBuilder()
                .with(options(address))
                .with(new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS))
                .withConnectHandler(this::connected)
                .build();
    }

    private void connected(HttpConnection connection) {
        // The request under way fails too and reports it; without this, Vert.x logs it as an error.
        connection.exceptionHandler(cause -> LOG.debug("A connection to Consul at {} broke", address.place(), cause));
        KeepAliveProbes.begin(connection);
    }

    private static HttpClientOptions options(ConsulAddress address) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setName("consul-watches");
        if (address.tls()) {
            ConsulTls.configure(options, address);
        }
        return options;
    }

    @Override
    public @Nullable String datacenter() {
        return address.datacenter();
    }

    @Override
    public ConsulCall get(String pathAndQuery, Duration timeout) {
        return call(HttpMethod.GET, pathAndQuery, null, timeout);
    }

    @Override
    public ConsulCall put(String pathAndQuery, Buffer content, Duration timeout) {
        return call(HttpMethod.PUT, pathAndQuery, content, timeout);
    }

    @Override
    public ConsulCall delete(String pathAndQuery, Duration timeout) {
        return call(HttpMethod.DELETE, pathAndQuery, null, timeout);
    }

    private ConsulCall call(HttpMethod method, String pathAndQuery, @Nullable Buffer content, Duration timeout) {
        HttpCall call = new HttpCall(content, timeout);
        RequestOptions request = request(method, pathAndQuery);
        // One tick later: the connection of the response that led to this request is not back in the pool before, and
        // another one would be opened beside it.
        vertx.runOnContext(v -> call.begin(client, request));
        return call;
    }

    @Override
    public Future<Void> knock(Duration timeout) {
        HttpCall call = new HttpCall(null, timeout);
        call.begin(knocker, request(HttpMethod.GET, "/v1/status/leader?stale"));
        return call.response().mapEmpty();
    }

    @Override
    public void reconnect() {
        HttpClient old = client;
        client = newClient();
        old.close();
    }

    private RequestOptions request(HttpMethod method, String pathAndQuery) {
        RequestOptions request = new RequestOptions()
                .setMethod(method)
                .setServer(SocketAddress.inetSocketAddress(address.port(), address.host()))
                .setHost(address.host().indexOf(':') >= 0 ? "[" + address.host() + "]" : address.host())
                .setPort(address.port())
                .setURI(pathAndQuery + dataScope(pathAndQuery));
        if (address.token() != null) {
            request.putHeader("X-Consul-Token", address.token());
        }
        return request;
    }

    /**
     * The parameters that say which data are meant. The agent forwards to the servers of the datacenter, questions for their leader
     * too: so a knock finds out whether these respond, and not only the agent. What is asked about the agent itself is never
     * forwarded. Consul's community edition responds 400 to a namespace, so it is only sent when one was given.
     */
    private String dataScope(String pathAndQuery) {
        String datacenter = pathAndQuery.startsWith(OF_THE_AGENT) ? null : address.datacenter();
        return (datacenter == null ? "" : "&dc=" + datacenter)
                + (address.namespace() == null ? "" : "&ns=" + ConsulTransport.encoded(address.namespace()))
                + (address.partition() == null ? "" : "&partition=" + ConsulTransport.encoded(address.partition()));
    }

    @Override
    public void close() {
        client.close();
        knocker.close();
    }

    private final class HttpCall implements ConsulCall {
        private final Promise<ListResponse> response = Promise.promise();
        private final @Nullable Buffer content;
        private final Duration timeout;
        private @Nullable HttpClientRequest request;
        private final Buffer body = Buffer.buffer();
        private @Nullable Long timer;
        private int awaitedFrom;

        HttpCall(@Nullable Buffer content, Duration timeout) {
            this.content = content;
            this.timeout = timeout;
            response.future().onComplete(ended -> {
                stopTimer();
                budget.putBack(body.length());
            });
        }

        private void stopTimer() {
            if (timer != null) {
                vertx.cancelTimer(timer);
                timer = null;
            }
        }

        void begin(HttpClient by, RequestOptions options) {
            if (response.future().isComplete()) {
                return;
            }
            try {
                by.request(options).onSuccess(this::send).onFailure(this::unreachable);
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
            giveUpAfter(opened, timeout, "not heard from for " + seconds(timeout) + ", though connected");
            Future<HttpClientResponse> answered = content == null ? opened.send() : opened.send(content);
            answered.onSuccess(head -> receive(opened, head)).onFailure(this::unreachable);
        }

        private void giveUpAfter(HttpClientRequest opened, Duration time, String sentence) {
            stopTimer();
            timer = vertx.setTimer(time.toMillis(), fired -> {
                unreachable(sentence);
                opened.reset();
            });
        }

        private void receive(HttpClientRequest opened, HttpClientResponse head) {
            if (response.future().isComplete()) {
                return;
            }
            awaitPiece(opened);
            head.exceptionHandler(this::unreachable);
            if (budget.isTooLong(number(head.getHeader("Content-Length")))) {
                tooLong(opened);
                return;
            }
            head.handler(piece -> {
                if (response.future().isComplete()) {
                    return;
                }
                if (budget.isTooLong((long) body.length() + piece.length())) {
                    tooLong(opened);
                } else if (budget.take(piece.length())) {
                    body.appendBuffer(piece);
                    if (body.length() - awaitedFrom >= PIECE) {
                        awaitPiece(opened);
                    }
                } else {
                    fail(opened, Kind.UNAVAILABLE, "too many long responses at a time");
                }
            });
            head.endHandler(end -> response.tryComplete(read(head, body)));
        }

        private void awaitPiece(HttpClientRequest opened) {
            awaitedFrom = body.length();
            giveUpAfter(
                    opened,
                    PIECE_TIMEOUT,
                    "the response came to a halt: less than " + PIECE / 1024 + " KiB in " + seconds(PIECE_TIMEOUT));
        }

        private void tooLong(HttpClientRequest opened) {
            fail(
                    opened,
                    Kind.MALFORMED,
                    "the response is longer than " + budget.limit() + ", the most that is read with this heap");
        }

        private void fail(HttpClientRequest opened, Kind kind, String sentence) {
            response.tryFail(new RegistryException(kind, sentence));
            opened.reset();
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

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() / 1000.0 + " s";
    }

    /** A number, or 0: a value that is no number counts as missing. */
    private static long number(@Nullable String header) {
        try {
            return header == null ? 0 : Long.parseUnsignedLong(header.strip());
        } catch (NumberFormatException noNumber) {
            return 0;
        }
    }

    /** Responses of the streaming backend say that there is no leader, whether there is one or not (Consul 1.10 and newer). */
    private static boolean isCutOff(HttpClientResponse response) {
        return number(response.getHeader("X-Consul-LastContact")) > LONGEST_LAST_CONTACT_MS
                || ("false".equalsIgnoreCase(response.getHeader("X-Consul-KnownLeader"))
                        && !"streaming".equalsIgnoreCase(response.getHeader("X-Consul-Query-Backend")));
    }

    private static ListResponse read(HttpClientResponse response, Buffer body) {
        return new ListResponse(
                response.statusCode(),
                response.getHeader("X-Consul-Index"),
                isCutOff(response),
                "true".equalsIgnoreCase(response.getHeader("X-Consul-Results-Filtered-By-ACLs")),
                body);
    }
}
