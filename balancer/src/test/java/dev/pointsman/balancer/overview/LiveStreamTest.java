package dev.pointsman.balancer.overview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.overview.LiveStream.NumberedText;
import dev.pointsman.balancer.testkit.Wire;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a client that does not read. */
class LiveStreamTest {
    private static final OverviewQuery ALL = new OverviewQuery("", false, 0, 50);
    private static final String LARGE = "\"" + "x".repeat(256 * 1024) + "\"";
    private static final int MANY = 400;

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<LiveStream> opened = new CompletableFuture<>();
    private final CompletableFuture<Context> loop = new CompletableFuture<>();

    @AfterEach
    void close() throws Exception {
        finish(vertx.close());
    }

    private static <T> T finish(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Wire open() throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            LiveStream stream = new LiveStream(request.response(), ALL, 0);
            stream.begin();
            loop.complete(vertx.getOrCreateContext());
            opened.complete(stream);
        });
        finish(server.listen(0, "127.0.0.1"));
        return Wire.to(server.actualPort()).sendHead("GET /api/live HTTP/1.1", "Host: localhost");
    }

    private <T> T onLoop(Callable<T> work) throws Exception {
        Promise<T> done = Promise.promise();
        loop.get(20, TimeUnit.SECONDS).runOnContext(now -> {
            try {
                done.complete(work.call());
            } catch (Exception failed) {
                done.fail(failed);
            }
        });
        return finish(done.future());
    }

    @Test
    void who_does_not_read_gets_no_more_overviews_and_all_changes_once_it_does() throws Exception {
        try (Wire client = open()) {
            LiveStream stream = opened.get(20, TimeUnit.SECONDS);

            int sent = 0;
            for (int i = 0; i < MANY; i++) {
                sent += onLoop(() -> stream.overview(LARGE)) ? 1 : 0;
            }
            // A hundred megabytes were to be sent: the sockets have taken a few, and nothing waits.
            assertThat(sent).isBetween(1, MANY / 4);
            onLoop(() -> {
                stream.changes(List.of(new NumberedText(1, "{\"late\":1}")));
                return null;
            });
            assertThat(stream.lastChange()).isZero();

            assertThat(client.readHead().status()).isEqualTo(200);
            StringBuilder events = new StringBuilder();
            while (!events.toString().contains("late")) {
                onLoop(() -> {
                    stream.changes(List.of(new NumberedText(1, "{\"late\":1}")));
                    return null;
                });
                events.setLength(Math.max(0, Math.min(events.length(), 100)));
                events.append(client.readChunk());
            }

            assertThat(events.toString()).endsWith("id: 1\nevent: change\ndata: {\"late\":1}\n\n");
            assertThat(stream.lastChange()).isEqualTo(1);
        }
    }
}
