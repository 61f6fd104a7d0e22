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
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and responses in HTTP/2 of which one is over before the other, or has begun before the other has ended. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
class HalfCloseIT {
    private static final String END = "the end";

    @TempDir
    Path folder = Path.of(".");

    @RegisterExtension
    final Cluster cluster = new Cluster();

    private final Vertx vertx = Vertx.vertx();
    private final int tls = FreePorts.take(1).get(0);
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

    private HttpClientRequest post(HttpClient client, boolean secured, String path) {
        return client.request(HttpMethod.POST, secured ? tls : clear, "127.0.0.1", path)
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

    @ParameterizedTest
    @CsvSource({"false,http", "false,h2c", "true,http", "true,h2c"})
    void both_go_on_at_the_same_time(boolean secured, String instance) throws Exception {
        HttpClientRequest request = post(client(secured), secured, "/" + instance + "/echo");
        BlockingQueue<String> pieces = received(request);

        for (int i = 0; i < 20; i++) {
            request.write("piece " + i);
            assertThat(next(pieces)).isEqualTo("piece " + i);
        }
        request.end();
        assertThat(next(pieces)).isEqualTo(END);
    }

    @ParameterizedTest
    @CsvSource({"false,http", "false,h2c", "true,http", "true,h2c"})
    void a_response_goes_on_when_the_request_is_over(boolean secured, String instance) throws Exception {
        HttpClientRequest request = post(client(secured), secured, "/" + instance + "/later");
        BlockingQueue<String> pieces = received(request);
        request.write("a body");
        request.end();
        HttpServerRequest there = Objects.requireNonNull(
                arrived.poll(Soon.BOUND.toSeconds(), TimeUnit.SECONDS), "no request has arrived");

        for (int i = 0; i < 20; i++) {
            there.response().write("event " + i);
            assertThat(next(pieces)).isEqualTo("event " + i);
        }
        there.response().end();
        assertThat(next(pieces)).isEqualTo(END);
    }

    /** The rest of the body is not taken by anybody; the response is whole all the same, and so are the next ones of the connection. */
    @ParameterizedTest
    @CsvSource({"false,http", "false,h2c", "true,http", "true,h2c"})
    void a_response_that_is_over_before_its_request_arrives_whole(boolean secured, String instance) throws Exception {
        HttpClient client = client(secured);
        for (int i = 0; i < 5; i++) {
            HttpClientRequest request = post(client, secured, "/" + instance + "/early");
            BlockingQueue<String> pieces = received(request);
            request.write(Buffer.buffer(new byte[10_000]));

            assertThat(next(pieces)).as("response %s", i).isEqualTo("early");
            assertThat(next(pieces)).isEqualTo(END);
            // What comes of it is up to the balancer: it is dropped, or the stream is over.
            request.write(Buffer.buffer(new byte[100_000]));
            request.end();
        }
        HttpClientRequest another = post(client, secured, "/" + instance + "/echo");
        BlockingQueue<String> pieces = received(another);
        another.end("still here");
        assertThat(next(pieces)).isEqualTo("still here");
        assertThat(next(pieces)).isEqualTo(END);
    }
}
