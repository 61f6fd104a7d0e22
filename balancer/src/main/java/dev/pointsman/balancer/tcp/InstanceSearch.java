package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.FairReader;
import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.resilience.Permit;
import dev.pointsman.balancer.tcp.TcpRoutes.TcpRoute;
import dev.pointsman.balancer.upstream.ConnectionOpener;
import dev.pointsman.balancer.upstream.NoChannelException;
import dev.pointsman.balancer.upstream.NoLocalPortException;
import dev.pointsman.balancer.upstream.UpstreamSocket;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The search for an instance that takes a client's connection, and what is held of the pool from then on: a permit, and an attempt.
 * An instance that cannot be reached is passed over for another one. For one event loop.
 */
final class InstanceSearch implements ConnectionOpener.OpenListener<RelayEnd> {
    private static final Logger log = LoggerFactory.getLogger(InstanceSearch.class);

    /** Instances that are tried for one connection, as for a request. */
    private static final int MOST_ATTEMPTS = 3;

    private final TcpContext shared;
    private final TcpRoute route;
    private final TcpMeter counts;
    private final RequestFacts client;
    private final ConnectionNotes notes;
    private final Finder finder;
    private final List<Upstream> tried = new ArrayList<>(0);
    private @Nullable Permit permit;
    private @Nullable Attempt attempt;
    private @Nullable Upstream last;
    private boolean over;

    /** Whoever an instance is searched for. */
    interface Finder {
        /** Called when the connection to an instance stands, unless the search has ended before. */
        void found(RelayEnd instance);

        /** Called when there is none. */
        void notFound(TcpFailure why);

        /** Called when the connection to the instance breaks. */
        void instanceBroke(Throwable cause);
    }

    /**
     * A search that has not begun.
     *
     * @param client by which a user is kept to an instance
     */
    InstanceSearch(
            TcpContext shared,
            TcpRoute route,
            TcpMeter counts,
            RequestFacts client,
            ConnectionNotes notes,
            Finder finder) {
        this.shared = shared;
        this.route = route;
        this.counts = counts;
        this.client = client;
        this.notes = notes;
        this.finder = finder;
    }

    /** Enters the pool, as soon as that has room. */
    void begin(Channel waiting) {
        AdmissionQueue queue = route.queue();
        if (queue == null) {
            Permit.Begun unused = pick();
        } else {
            Permit wanted =
                    new Permit(queue, route.traffic(), new WaitingConnection(waiting, notes, route), this::pick);
            permit = wanted;
            wanted.acquire(kind ->
                    finder.notFound(kind == FailureKind.QUEUE_FULL ? TcpFailure.QUEUE_FULL : TcpFailure.QUEUE_TIMEOUT));
        }
    }

    private Permit.Begun pick() {
        if (over) {
            return Permit.Begun.GAVE_UP;
        }
        PoolSnapshot snapshot = route.pool().snapshot();
        boolean mayTry = tried.size() < MOST_ATTEMPTS;
        Attempt next = mayTry ? snapshot.begin(tried, client, false) : null;
        if (next != null) {
            connect(next);
            return Permit.Begun.YES;
        }
        if (permit != null && mayTry && snapshot.hasUntried(tried)) {
            return Permit.Begun.ALL_FULL;
        }
        finder.notFound(tried.isEmpty() ? TcpFailure.NO_INSTANCE : TcpFailure.CONNECT_FAILED);
        return Permit.Begun.GAVE_UP;
    }

    private void connect(Attempt to) {
        attempt = to;
        last = to.upstream();
        notes.connectBegins();
        shared.opener()
                .open(
                        to.upstream(),
                        UpstreamTransport.PLAIN,
                        List.of(),
                        (upstream, instance, channel) -> instanceEnd(channel),
                        this);
    }

    private RelayEnd instanceEnd(UpstreamSocket channel) {
        FairReader reader = new FairReader(shared.turns().reads(), channel);
        RelayEnd end = new RelayEnd(channel, reader, unexpected -> {}, finder::instanceBroke);
        channel.pipeline().addLast(shared.turns().flushes().handler(), reader, end);
        end.setReading(false);
        return end;
    }

    @Override
    public void opened(RelayEnd instance) {
        instance.channel().closeFuture().addListener(closed -> shared.opener().closed());
        Attempt begun = attempt;
        if (over || begun == null) {
            Channels.close(instance.channel());
            return;
        }
        notes.connectEnds();
        // A connection that stands is as much of a sign of life as there is for all protocols.
        begun.responseBegan(Outcome.RESPONDED);
        finder.found(instance);
    }

    @Override
    public void notOpened(Throwable cause) {
        Attempt failed = attempt;
        if (failed == null || over) {
            return;
        }
        attempt = null;
        notes.connectEnds();
        if (cause instanceof NoChannelException) {
            failed.end(Outcome.NOT_TRIED);
            finder.notFound(TcpFailure.OWN_SHORTAGE);
            return;
        }
        failed.end(cause instanceof NoLocalPortException ? Outcome.NOT_TRIED : Outcome.CONNECT_FAILED);
        log.debug("{}: no connection to {}: {}", route.name(), failed.upstream(), cause.toString());
        tried.add(failed.upstream());
        counts.retried();
        Permit held = permit;
        if (held == null) {
            Permit.Begun unused = pick();
        } else {
            held.moveToNext();
        }
    }

    /** The instance that was tried last; null for none. */
    @Nullable
    Upstream last() {
        return last;
    }

    /** Ends the search, wherever it is, and gives back what is held of the pool. */
    void end(Outcome outcome) {
        over = true;
        Attempt begun = attempt;
        if (begun != null) {
            attempt = null;
            begun.end(outcome);
        }
        Permit held = permit;
        if (held != null) {
            permit = null;
            held.release();
        }
    }
}
