package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.Permit;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;

/** A request that holds a {@link Permit}, or waits for one. For its event loop. */
final class WaitingRequest implements Permit.PermitHolder {
    private final Vertx vertx;
    private final Context context;
    private final RoutedRequest routed;

    WaitingRequest(Vertx vertx, RoutedRequest routed) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.routed = routed;
    }

    @Override
    public void execute(Runnable task) {
        context.runOnContext(onLoop -> task.run());
    }

    @Override
    public Runnable after(Duration time, Runnable task) {
        long timer = vertx.setTimer(time.toMillis(), late -> task.run());
        return () -> vertx.cancelTimer(timer);
    }

    @Override
    public Duration queueTimeout() {
        return routed.queueTimeout();
    }

    @Override
    public void noteWait() {
        routed.noteWait();
    }

    @Override
    public void noteWaitEnd() {
        routed.noteWaitEnd();
    }
}
