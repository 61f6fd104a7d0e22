package dev.pointsman.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ChangeRehearsalTest {
    private static final int CHANGES = 6;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void an_instance_comes_and_goes_as_often_as_is_wanted() throws Exception {
        List<Integer> sizes = new ArrayList<>();
        CompletableFuture<List<Integer>> all = new CompletableFuture<>();

        var unused = ChangeRehearsal.begin(vertx, CHANGES, Duration.ofMillis(1), view -> {
            sizes.add(view.instances().size());
            if (sizes.size() == 1 + CHANGES) {
                all.complete(List.copyOf(sizes));
            }
        });

        assertThat(all.get()).containsExactly(3, 2, 3, 2, 3, 2, 3);
    }

    @Test
    void one_that_is_closed_changes_nothing_any_more() throws Exception {
        CompletableFuture<Integer> first = new CompletableFuture<>();
        List<Integer> sizes = new ArrayList<>();
        ChangeRehearsal rehearsal = ChangeRehearsal.begin(vertx, CHANGES, Duration.ofHours(1), view -> {
            sizes.add(view.instances().size());
            first.complete(view.instances().size());
        });
        assertThat(first.get()).isEqualTo(3);

        rehearsal.close();
        rehearsal.close();

        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(sizes).containsExactly(3);
    }
}
