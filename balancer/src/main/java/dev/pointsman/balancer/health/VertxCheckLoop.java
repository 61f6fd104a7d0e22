package dev.pointsman.balancer.health;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A loop that is one of Vert.x's. */
final class VertxCheckLoop implements CheckLoop {
    private final Vertx vertx;
    private final Context context;

    VertxCheckLoop(Vertx vertx) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
    }

    @Override
    public void run(Runnable task) {
        context.runOnContext(turn -> task.run());
    }

    @Override
    public CheckTimer after(Duration time, Runnable task) {
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(time.toNanos()));
        long id = vertx.setTimer(millis, fired -> task.run());
        return () -> vertx.cancelTimer(id);
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
