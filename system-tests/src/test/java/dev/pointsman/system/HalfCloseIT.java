package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority;
import dev.pointsman.testkit.TestAuthority.Issued;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Requests and responses in HTTP/2 of which one is over before the other, or has begun before the other has ended. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
class HalfCloseIT {
    private static final String END = "the end";

    /** The ways that requests go, by one balancer: its start takes longer than all of them. */
    private static final List<Way> WAYS =
            List.of(new Way(false, "http"), new Way(false, "h2c"), new Way(true, "http"), new Way(true, "h2c"));

    /**
     * A way.
     *
     * @param secured whether clients come by TLS
     * @param instance what the instance speaks
     */
    private record Way(boolean secured, String instance) {}

    @TempDir
    Path folder = Path.of(".");

    @RegisterExtension
    final Cluster cluster = new Cluster();

    private final Vertx vertx = Vertx.vertx();
    private final int tls = FreePorts.take();
    /** The request whose response the test ends. */
    private final BlockingQueue<HttpServerRequest> arrived = new LinkedBlockingQueue<>();

    private int clear;

    @BeforeEach
    void start() {
        int instance = vertx.createHttpServer()
                .requestHandler(this::serve)
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        Issued shown = TestAuthority.in(folder, "ca").issue("balancer", "/CN=balancer", "localhost");
        Program unused = cluster.startRegistry(0);
        clear = BalancerProcess.awaitReady(cluster.pointsman(
                        "balancer",
                        "--consul",
                        cluster.registry(),
                        "--admin",
                        "127.0.0.1:0",
                        "--listen",
                        "127.0.0.1:0",
                        "--listen",
                        "127.0.0.1:" + tls + ";tls",
                        "--tls",
                        shown.cert() + ";key=" + shown.key(),
                        "--route",
                        "/http=http://127.0.0.1:" + instance,
                        "--route",
                        "/h2c=http://127.0.0.1:" + instance + ";proto=h2c"))
                .port();
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    private void serve(HttpServerRequest request) {
        request.response().setChunked(true);
        if (request.path().endsWith("/echo")) {
            request.handler(request.response()::write);
            request.endHandler(end -> request.response().end());
        } else if (request.path().endsWith("/early")) {
            request.pause();
            request.response().end("early");
        } else {
            request.endHandler(end -> arrived.add(request));
        }
    }

    private HttpClient client(boolean secured) {
        return vertx.createHttpClient(
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setSsl(secured)
                        .setUseAlpn(secured)
                        .setTrustAll(true)
                        .setVerifyHost(false),
                new PoolOptions().setHttp2MaxSize(1));
    }

    private HttpClientRequest post(HttpClient client, Way way, String path) {
        return client.request(HttpMethod.POST, way.secured() ? tls : clear, "127.0.0.1", "/" + way.instance() + path)
                .await()
                .setChunked(true);
    }

    /** What comes of a response, piece by piece, and its end. */
    private static BlockingQueue<String> received(HttpClientRequest request) {
        BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
        request.response().onComplete(response -> {
            if (response.failed()) {
                pieces.add(response.cause().toString());
                return;
            }
            HttpClientResponse begun = response.result();
            begun.handler(piece -> {
                // The frame that ends a stream may be an empty one.
                if (piece.length() > 0) {
                    pieces.add(piece.toString());
                }
            });
            begun.exceptionHandler(broken -> pieces.add(broken.toString()));
            begun.endHandler(end -> pieces.add(END));
        });
        return pieces;
    }

    private static String next(BlockingQueue<String> pieces) throws InterruptedException {
        return String.valueOf(pieces.poll(Soon.BOUND.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void both_go_on_at_the_same_time() throws Exception {
        for (Way way : WAYS) {
            HttpClientRequest request = post(client(way.secured()), way, "/echo");
            BlockingQueue<String> pieces = received(request);

            for (int i = 0; i < 20; i++) {
                request.write("piece " + i);
                assertThat(next(pieces)).as("%s", way).isEqualTo("piece " + i);
            }
            request.end();
            assertThat(next(pieces)).as("%s", way).isEqualTo(END);
        }
    }

    @Test
    void a_response_goes_on_when_the_request_is_over() throws Exception {
        for (Way way : WAYS) {
            HttpClientRequest request = post(client(way.secured()), way, "/later");
            BlockingQueue<String> pieces = received(request);
            request.write("a body");
            request.end();
            HttpServerRequest there = Objects.requireNonNull(
                    arrived.poll(Soon.BOUND.toSeconds(), TimeUnit.SECONDS), "no request has arrived");

            for (int i = 0; i < 20; i++) {
                there.response().write("event " + i);
                assertThat(next(pieces)).as("%s", way).isEqualTo("event " + i);
            }
            there.response().end();
            assertThat(next(pieces)).as("%s", way).isEqualTo(END);
        }
    }

    /** The rest of the body is not taken by anybody; the response is whole all the same, and so are the next ones of the connection. */
    @Test
    void a_response_that_is_over_before_its_request_arrives_whole() throws Exception {
        for (Way way : WAYS) {
            HttpClient client = client(way.secured());
            for (int i = 0; i < 5; i++) {
                HttpClientRequest request = post(client, way, "/early");
                BlockingQueue<String> pieces = received(request);
                request.write(Buffer.buffer(new byte[10_000]));

                assertThat(next(pieces)).as("%s, response %s", way, i).isEqualTo("early");
                assertThat(next(pieces)).as("%s", way).isEqualTo(END);
                // What comes of it is up to the balancer: it is dropped, or the stream is over.
                request.write(Buffer.buffer(new byte[100_000]));
                request.end();
            }
            HttpClientRequest another = post(client, way, "/echo");
            BlockingQueue<String> pieces = received(another);
            another.end("still here");
            assertThat(next(pieces)).as("%s", way).isEqualTo("still here");
            assertThat(next(pieces)).as("%s", way).isEqualTo(END);
        }
    }
}
