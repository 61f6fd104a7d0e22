package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.config.Listener;
import dev.pointsman.balancer.config.TcpPort;
import dev.pointsman.balancer.downstream.OpenConnections;
import dev.pointsman.balancer.http.ProxyVersion;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.FairReader;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.observe.ObservedConnection;
import dev.pointsman.balancer.observe.RequestEnding;
import dev.pointsman.balancer.route.AccessRule;
import dev.pointsman.balancer.tcp.TcpRoutes.TcpRoute;
import dev.pointsman.pool.Outcome;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection from its first byte until both sides have sent all: its {@link TcpIntroduction}, its route, the {@link
 * InstanceSearch}, and the {@link Relay}. Lives on one event loop.
 *
 * <pre>
 *   (header of the PROXY protocol) ─► (ClientHello) ─► (wait for a permit) ─► pick ─► connect ─► relay ─► over
 *                                                                              ▲         │
 *                                                                              └─ retry ─┘    (nothing was sent yet)
 * </pre>
 */
final class TcpConnection extends TimeoutTicker.Watched implements OpenConnections.Closable, InstanceSearch.Finder {
    private static final long NOT_REMOVED = Long.MIN_VALUE;

    private final TcpContext shared;
    private final Listener listener;
    private final TcpPort port;
    private final RelayEnd client;
    private final TcpIntroduction introduction;
    private final ConnectionNotes notes;
    private TcpMeter counts;
    private @Nullable TcpRoute route;
    private @Nullable InstanceSearch search;
    private @Nullable Relay relay;
    /** When the port was first seen not to be configured any more. */
    private long removedAt = NOT_REMOVED;

    private boolean over;

    /** @param reader switches what the client's channel reads */
    TcpConnection(TcpContext shared, Channel channel, FairReader reader, Listener listener, TcpPort port) {
        this.shared = shared;
        this.listener = listener;
        this.port = port;
        this.introduction = new TcpIntroduction(channel, listener, port, this::goOn);
        this.client = new RelayEnd(channel, reader, introduction::take, this::clientBroke);
        this.notes = new ConnectionNotes(shared.ticker());
        this.counts = shared.traffic().ofPort(listener.address().port());
    }

    void begin() {
        shared.open().opened(this);
        shared.ticker().add(this);
        client.channel().closeFuture().addListener(closed -> {
            shared.open().closed(this);
            shared.ticker().remove(this);
        });
        introduction.begin(client.channel(), shared.headTimeout().get());
        client.channel().pipeline().addLast(client);
        goOn();
    }

    private void goOn() {
        if (introduction.missing() == null && !over) {
            client.setReading(false);
            findRoute();
        }
    }

    private void findRoute() {
        TcpRoute found =
                shared.routes().find(listener.address().port(), introduction.name(), port.announced(), introduction);
        if (found == null) {
            fail(TcpFailure.NO_ROUTE);
            return;
        }
        route = found;
        TcpMeter of = shared.traffic().of(found.name(), found.pool().target());
        counts = of;
        of.opened();
        long opened = shared.ticker().now();
        client.channel()
                .closeFuture()
                .addListener(closed -> of.closed(shared.ticker().now() - opened));
        String address = introduction.clientAddress();
        AccessRule access = found.access();
        if (access != null && (address == null || !access.allows(address, address, List.of()))) {
            fail(TcpFailure.FORBIDDEN);
            return;
        }
        InstanceSearch begun = new InstanceSearch(shared, found, of, introduction, notes, this);
        search = begun;
        begun.begin(client.channel());
    }

    @Override
    public void found(RelayEnd instance) {
        TcpRoute of = route;
        ProxyVersion header =
                of == null ? ProxyVersion.OFF : of.settings().transport().sendProxy();
        if (header != ProxyVersion.OFF) {
            Channels.write(
                    instance.channel(), ProxyHeader.of(header, introduction.source(), introduction.destination()));
        }
        Relay joined = new Relay(client, instance, shared.ticker(), counts, this::ended);
        relay = joined;
        joined.begin();
    }

    @Override
    public void notFound(TcpFailure why) {
        fail(why);
    }

    private void clientBroke(Throwable cause) {
        TcpFailure missing = introduction.missing();
        fail(missing == null ? TcpFailure.CLIENT_RESET : missing);
    }

    @Override
    public void instanceBroke(Throwable cause) {
        fail(TcpFailure.INSTANCE_RESET);
    }

    /** Both sides have sent all. */
    private void ended() {
        if (!over) {
            over(null, Outcome.RESPONDED);
        }
    }

    private void fail(TcpFailure why) {
        if (over) {
            return;
        }
        counts.failed(why);
        Relay relayed = relay;
        boolean silent = relayed == null || !relayed.hasAnswered();
        over(why, why == TcpFailure.INSTANCE_RESET && silent ? Outcome.BROKEN : Outcome.UNDECIDED);
    }

    /** @param why null if both sides have sent all */
    private void over(@Nullable TcpFailure why, Outcome outcome) {
        over = true;
        InstanceSearch searched = search;
        if (searched != null) {
            searched.end(outcome);
        }
        tell(why);
        closeBoth(why == TcpFailure.CLIENT_RESET || why == TcpFailure.INSTANCE_RESET);
    }

    /** @param why null if both sides have sent all */
    private void tell(@Nullable TcpFailure why) {
        LoopObservers observers = shared.observers().get();
        if (observers.isEmpty()) {
            return;
        }
        TcpRoute of = route;
        InstanceSearch searched = search;
        Relay relayed = relay;
        RequestEnding ending = why == null
                ? RequestEnding.COMPLETE
                : why == TcpFailure.CLIENT_RESET ? RequestEnding.CLIENT_GONE : RequestEnding.CUT_SHORT;
        observers.connectionEnded(new ObservedConnection(
                introduction.clientAddress(),
                client.channel().remoteAddress() instanceof InetSocketAddress peer
                        ? peer.getAddress().getHostAddress()
                        : null,
                introduction.name(),
                of == null ? null : of.name(),
                of == null ? null : of.pool().target(),
                searched == null ? null : searched.last(),
                notes.attempts(),
                ending,
                why == null ? null : why.code(),
                notes.ended(relayed),
                relayed == null ? 0 : relayed.received(),
                relayed == null ? 0 : relayed.sent()));
    }

    /** @param reset whether the other side is to learn that not all was sent (RFC 9293, 3.5.3) */
    private void closeBoth(boolean reset) {
        Relay relayed = relay;
        if (relayed == null) {
            client.close(reset);
        } else {
            relayed.close(reset);
        }
    }

    @Override
    protected void check(long now) {
        TcpFailure missing = introduction.missing();
        if (missing != null && now - notes.began() > shared.headTimeout().get().toNanos()) {
            fail(missing);
        }
        Relay relayed = relay;
        if (relayed != null && now - relayed.lastActive() > port.idle().toNanos()) {
            fail(TcpFailure.IDLE);
        } else if (shared.served().get().contains(listener.address())) {
            removedAt = NOT_REMOVED;
        } else if (removedAt == NOT_REMOVED) {
            removedAt = now;
        } else if (now - removedAt > shared.drain().get().toNanos()) {
            fail(TcpFailure.PORT_REMOVED);
        }
    }

    @Override
    public void close() {
        fail(TcpFailure.STOPPED);
    }
}
