package dev.pointsman.balancer.downstream.http1;

import dev.pointsman.balancer.downstream.DownstreamContext;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.TimeoutTicker;
import io.netty.channel.Channel;

/** The check of the timeouts of a client's connection in HTTP/1.1, at every tick of its event loop. */
final class TimeoutCheck extends TimeoutTicker.Watched {
    private final Http1Connection client;
    private final Channel channel;
    private final RequestReceiver receiver;
    private final StrictRequestDecoder decoder;
    private final ConnectionTimers timers;
    private final DownstreamContext shared;

    TimeoutCheck(
            Http1Connection client,
            Channel channel,
            RequestReceiver receiver,
            StrictRequestDecoder decoder,
            ConnectionTimers timers,
            DownstreamContext shared) {
        this.client = client;
        this.channel = channel;
        this.receiver = receiver;
        this.decoder = decoder;
        this.timers = timers;
        this.shared = shared;
    }

    @Override
    protected void check(long now) {
        if (receiver.state() == ReceivingState.LINGERING) {
            receiver.checkLingering(now);
            return;
        }
        switch (timers.check(now, receiver.hasPending())) {
            case HEAD -> client.reject(shared.headTimeout());
            case CONNECTION -> Channels.close(channel);
            case NOTHING -> endIfDrained(now);
        }
    }

    private void endIfDrained(long now) {
        if (isDrained(now)) {
            // What has arrived since the last look is a request to be served.
            Channels.readNow(channel);
            if (isDrained(now)) {
                client.close();
            }
        }
    }

    private boolean isDrained(long now) {
        return shared.drain().isOver(timers.lastActive(), now)
                && client.isPersistent()
                && receiver.isIdle()
                && decoder.isIdle();
    }
}
