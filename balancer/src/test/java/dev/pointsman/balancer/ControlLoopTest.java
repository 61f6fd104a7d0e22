package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlLoopTest {
    private final Vertx control = Vertx.vertx();
    private final Vertx data = Vertx.vertx();
    private final ControlLoop loop = new ControlLoop(control);

    @AfterEach
    void close() {
        control.close().await();
        data.close().await();
    }

    @Test
    void what_follows_on_something_that_happened_elsewhere_happens_on_the_loop() throws Exception {
        Promise<String> elsewhere = Promise.promise();
        CompletableFuture<Thread> followed = new CompletableFuture<>();
        loop.begin(() -> loop.back(elsewhere.future())).onComplete(done -> followed.complete(Thread.currentThread()));
        data.getOrCreateContext().runOnContext(onOther -> elsewhere.complete("x"));

        assertThat(followed.get(10, TimeUnit.SECONDS)).isSameAs(threadOf(loop));
    }

    @Test
    void a_failure_comes_back_as_one() {
        assertThat(loop.back(Future.failedFuture("no")).toCompletionStage().toCompletableFuture())
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableOfType(Exception.class)
                .withMessageContaining("no");
        assertThat(loop.call(() -> {
                            throw new IllegalStateException("broken");
                        })
                        .toCompletionStage()
                        .toCompletableFuture())
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableOfType(Exception.class)
                .withMessageContaining("broken");
    }

    private static Thread threadOf(ControlLoop loop) throws Exception {
        return loop.call(Thread::currentThread)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }
}
