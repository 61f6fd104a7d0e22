package dev.pointsman.registry.consul.internal.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SilenceWatchTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    /** Never answers by itself. */
    private record Door(@Nullable String datacenter, List<Promise<Void>> knocks) implements ConsulTransport {
        Door(@Nullable String datacenter) {
            this(datacenter, new CopyOnWriteArrayList<>());
        }

        @Override
        public Future<Void> knock(Duration timeout) {
            Promise<Void> knock = Promise.promise();
            knocks.add(knock);
            return knock.future();
        }

        @Override
        public ConsulCall get(String pathAndQuery, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ConsulCall put(String pathAndQuery, Buffer content, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ConsulCall delete(String pathAndQuery, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void reconnect() {}

        @Override
        public void close() {}
    }

    @Test
    void the_agent_is_knocked_at_all_the_time_and_another_datacenter_once_at_a_time() {
        Door near = new Door(null);
        Door far = new Door("dc2");
        List<String> resumed = new CopyOnWriteArrayList<>();
        vertx.runOnContext(v -> {
            begin(far, resumed);
            begin(near, resumed);
        });
        await().until(() -> near.knocks.size() >= 3);
        assertThat(far.knocks).hasSize(1);

        vertx.runOnContext(v -> far.knocks.get(0).fail("timeout"));
        await().until(() -> far.knocks.size() == 2);
        assertThat(resumed).isEmpty();
        vertx.runOnContext(v -> far.knocks.get(1).complete());
        await().until(() -> resumed.equals(List.of("dc2")));
    }

    private void begin(Door door, List<String> resumed) {
        SilenceWatch silence = new SilenceWatch(vertx, door, System::nanoTime);
        silence.add(reconnected -> resumed.add(String.valueOf(door.datacenter)));
        silence.unheard();
    }
}
