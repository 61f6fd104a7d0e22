package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.config.Listener;
import dev.pointsman.balancer.config.TcpPort;
import dev.pointsman.balancer.downstream.OpenConnections;
import dev.pointsman.balancer.http.ProxyVersion;
import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.FairReader;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.observe.ObservedConnection;
import dev.pointsman.balancer.observe.RequestEnding;
import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.resilience.Permit;
import dev.pointsman.balancer.route.AccessRule;
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
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection from its first byte until both sides have sent all: what comes before the relayed bytes, the instance, and
 * the {@link Relay}. Lives on one event loop.
 *
 * <pre>
 *   (header of the PROXY protocol) ─► (ClientHello) ─► (wait for a permit) ─► pick ─► connect ─► relay ─► over
 *                                                                              ▲         │
 *                                                                              └─ retry ─┘    (nothing was sent yet)
 * </pre>
 */
final class TcpConnection extends TimeoutTicker.Watched
        implements OpenConnections.Closable, RequestFacts, ConnectionOpener.OpenListener<RelayEnd> {
    private static final Logger log = LoggerFactory.getLogger(TcpConnection.class);

    /** Instances that are tried for one connection, as for a request. */
    private static final int MOST_ATTEMPTS = 3;

    private static final long NOT_REMOVED = Long.MIN_VALUE;

    private final TcpContext shared;
    private final Listener listener;
    private final TcpPort port;
    private final RelayEnd client;
    private final ConnectionNotes notes;
    private final List<Upstream> tried = new ArrayList<>(0);
    private boolean awaitsProxy;
    private boolean awaitsName;
    private @Nullable String name;
    private @Nullable InetSocketAddress source;
    private @Nullable InetSocketAddress destination;
    private TcpTraffic.TcpRouteCounts counts;
    private @Nullable TcpRoute route;
    private @Nullable Permit permit;
    private @Nullable Attempt attempt;
    private @Nullable Upstream last;
    private @Nullable Relay relay;
    /** When the port was first seen not to be configured any more. */
    private long removedAt = NOT_REMOVED;

    private boolean over;

    /** @param reader switches what the client's channel reads */
    TcpConnection(TcpContext shared, Channel channel, FairReader reader, Listener listener, TcpPort port) {
        this.shared = shared;
        this.listener = listener;
        this.port = port;
        this.client = new RelayEnd(channel, reader, this::clientRead, this::clientBroke);
        this.notes = new ConnectionNotes(shared.ticker());
        this.awaitsProxy = listener.proxyProtocol();
        this.awaitsName = port.passthrough();
        this.counts = shared.traffic().of(":" + listener.address().port());
        this.source = channel.remoteAddress() instanceof InetSocketAddress inet ? inet : null;
        this.destination = channel.localAddress() instanceof InetSocketAddress inet ? inet : null;
    }

    void begin() {
        shared.open().opened(this);
        shared.ticker().add(this);
        client.channel().closeFuture().addListener(closed -> {
            shared.open().closed(this);
            shared.ticker().remove(this);
        });
        if (awaitsName) {
            client.channel()
                    .pipeline()
                    .addLast(new ServerNameReader(shared.headTimeout().get().toMillis(), this::named));
        }
        client.channel().pipeline().addLast(client);
        goOn();
    }

    private void goOn() {
        if (!awaitsProxy && !awaitsName && !over) {
            client.setReading(false);
            findRoute();
        }
    }

    private void named(@Nullable String asked) {
        awaitsName = false;
        name = asked == null || asked.isEmpty() ? null : asked;
        goOn();
    }

    /** Takes what came before the bytes to be relayed. */
    private void clientRead(Object message) {
        if (message instanceof HAProxyMessage header) {
            if (header.command() == HAProxyCommand.PROXY) {
                source = address(header.sourceAddress(), header.sourcePort(), source);
                destination = address(header.destinationAddress(), header.destinationPort(), destination);
            }
            header.release();
            awaitsProxy = false;
            goOn();
        }
    }

    private static @Nullable InetSocketAddress address(
            @Nullable String text, int port, @Nullable InetSocketAddress otherwise) {
        InetAddress literal = text == null ? null : NetUtil.createInetAddressFromIpAddressString(text);
        return literal == null ? otherwise : new InetSocketAddress(literal, port);
    }

    private void findRoute() {
        TcpRoute found = shared.routes().find(listener.address().port(), name, port.announced(), this);
        if (found == null) {
            fail(TcpFailure.NO_ROUTE);
            return;
        }
        route = found;
        counts = shared.traffic().of(found.name());
        counts.opened();
        long opened = shared.ticker().now();
        TcpTraffic.TcpRouteCounts of = counts;
        client.channel()
                .closeFuture()
                .addListener(closed -> of.closed(shared.ticker().now() - opened));
        String address = clientAddress();
        AccessRule access = found.access();
        if (access != null && (address == null || !access.allows(address, address, List.of()))) {
            fail(TcpFailure.FORBIDDEN);
        } else {
            enter(found);
        }
    }

    /** Enters the pool, as soon as that has room. */
    private void enter(TcpRoute to) {
        AdmissionQueue queue = to.queue();
        if (queue == null) {
            Permit.Begun unused = pick(to);
        } else {
            Permit wanted =
                    new Permit(queue, to.traffic(), new WaitingConnection(client.channel(), notes, to), () -> pick(to));
            permit = wanted;
            wanted.acquire(
                    kind -> fail(kind == FailureKind.QUEUE_FULL ? TcpFailure.QUEUE_FULL : TcpFailure.QUEUE_TIMEOUT));
        }
    }

    private Permit.Begun pick(TcpRoute from) {
        if (over) {
            return Permit.Begun.GAVE_UP;
        }
        PoolSnapshot snapshot = from.pool().snapshot();
        boolean mayTry = tried.size() < MOST_ATTEMPTS;
        Attempt next = mayTry ? snapshot.begin(tried, this, false) : null;
        if (next != null) {
            connect(next);
            return Permit.Begun.YES;
        }
        if (permit != null && mayTry && snapshot.hasUntried(tried)) {
            return Permit.Begun.ALL_FULL;
        }
        fail(tried.isEmpty() ? TcpFailure.NO_INSTANCE : TcpFailure.CONNECT_FAILED);
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
        RelayEnd end = new RelayEnd(channel, reader, unexpected -> {}, this::instanceBroke);
        channel.pipeline().addLast(shared.turns().flushes().handler(), reader, end);
        end.setReading(false);
        return end;
    }

    @Override
    public void opened(RelayEnd instance) {
        instance.channel().closeFuture().addListener(closed -> shared.opener().closed());
        Attempt begun = attempt;
        TcpRoute of = route;
        if (over || begun == null || of == null) {
            Channels.close(instance.channel());
            return;
        }
        notes.connectEnds();
        // A connection that stands is as much of a sign of life as there is for all protocols.
        begun.responseBegan(Outcome.RESPONDED);
        ProxyVersion header = of.settings().transport().sendProxy();
        if (header != ProxyVersion.OFF) {
            Channels.write(instance.channel(), ProxyHeader.of(header, source, destination));
        }
        Relay joined = new Relay(client, instance, shared.ticker(), counts, this::ended);
        relay = joined;
        joined.begin();
    }

    @Override
    public void notOpened(Throwable cause) {
        Attempt failed = attempt;
        TcpRoute from = route;
        if (failed == null || from == null || over) {
            return;
        }
        attempt = null;
        notes.connectEnds();
        if (cause instanceof NoChannelException) {
            failed.end(Outcome.NOT_TRIED);
            fail(TcpFailure.OWN_SHORTAGE);
            return;
        }
        failed.end(cause instanceof NoLocalPortException ? Outcome.NOT_TRIED : Outcome.CONNECT_FAILED);
        log.debug("{}: no connection to {}: {}", from.name(), failed.upstream(), cause.toString());
        tried.add(failed.upstream());
        counts.retried();
        Permit held = permit;
        if (held == null) {
            Permit.Begun unused = pick(from);
        } else {
            held.moveToNext();
        }
    }

    private void clientBroke(Throwable cause) {
        if (awaitsProxy) {
            fail(TcpFailure.BAD_PROXY_HEADER);
        } else if (awaitsName) {
            fail(TcpFailure.BAD_CLIENT_HELLO);
        } else {
            fail(TcpFailure.CLIENT_RESET);
        }
    }

    private void instanceBroke(Throwable cause) {
        fail(TcpFailure.INSTANCE_RESET);
    }

    /** Both sides have sent all. */
    private void ended() {
        if (over) {
            return;
        }
        over = true;
        end(Outcome.RESPONDED);
        tell(null);
        closeBoth(false);
    }

    private void fail(TcpFailure why) {
        if (over) {
            return;
        }
        over = true;
        counts.failed(why);
        Relay relayed = relay;
        boolean silent = relayed == null || !relayed.hasAnswered();
        end(why == TcpFailure.INSTANCE_RESET && silent ? Outcome.BROKEN : Outcome.UNDECIDED);
        tell(why);
        closeBoth(why == TcpFailure.CLIENT_RESET || why == TcpFailure.INSTANCE_RESET);
    }

    private void end(Outcome outcome) {
        Attempt begun = attempt;
        if (begun != null) {
            begun.end(outcome);
        }
        Permit held = permit;
        if (held != null) {
            permit = null;
            held.release();
        }
    }

    /** @param why null if both sides have sent all */
    private void tell(@Nullable TcpFailure why) {
        LoopObservers observers = shared.observers().get();
        if (observers.isEmpty()) {
            return;
        }
        TcpRoute of = route;
        Relay relayed = relay;
        RequestEnding ending = why == null
                ? RequestEnding.COMPLETE
                : why == TcpFailure.CLIENT_RESET ? RequestEnding.CLIENT_GONE : RequestEnding.CUT_SHORT;
        observers.connectionEnded(new ObservedConnection(
                clientAddress(),
                client.channel().remoteAddress() instanceof InetSocketAddress peer
                        ? peer.getAddress().getHostAddress()
                        : null,
                name,
                of == null ? null : of.name(),
                of == null ? null : of.pool().target(),
                last,
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
        if ((awaitsProxy || awaitsName)
                && now - notes.began() > shared.headTimeout().get().toNanos()) {
            fail(awaitsProxy ? TcpFailure.BAD_PROXY_HEADER : TcpFailure.BAD_CLIENT_HELLO);
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

    @Override
    public @Nullable String clientAddress() {
        InetSocketAddress known = source;
        return known == null ? null : known.getAddress().getHostAddress();
    }
}
