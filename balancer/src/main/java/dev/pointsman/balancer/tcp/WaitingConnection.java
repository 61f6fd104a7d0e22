package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.resilience.Permit;
import dev.pointsman.balancer.tcp.TcpRoutes.TcpRoute;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A connection that holds a {@link Permit}, or waits for one. For its event loop. */
final class WaitingConnection implements Permit.PermitHolder {
    private final Channel client;
    private final ConnectionNotes notes;
    private final TcpRoute route;

    WaitingConnection(Channel client, ConnectionNotes notes, TcpRoute route) {
        this.client = client;
        this.notes = notes;
        this.route = route;
    }

    @Override
    public void execute(Runnable task) {
        client.eventLoop().execute(task);
    }

    @Override
    public Runnable after(Duration time, Runnable task) {
        ScheduledFuture<?> timer = client.eventLoop().schedule(task, time.toMillis(), TimeUnit.MILLISECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public Duration queueTimeout() {
        return route.settings().queueTimeout();
    }

    @Override
    public void noteWait() {
        notes.waitBegins();
    }

    @Override
    public void noteWaitEnd() {
        notes.waitEnds();
    }
}
