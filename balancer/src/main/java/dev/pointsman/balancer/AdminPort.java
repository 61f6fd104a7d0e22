package dev.pointsman.balancer;

import dev.pointsman.balancer.admin.AdminPart;
import dev.pointsman.balancer.admin.AdminServer;
import dev.pointsman.balancer.admin.AuditLog;
import dev.pointsman.balancer.admin.ConfigAccess;
import dev.pointsman.balancer.admin.LauncherAccess;
import dev.pointsman.balancer.admin.LauncherPages;
import dev.pointsman.balancer.admin.StateView;
import dev.pointsman.balancer.admin.SuccessorAccess;
import dev.pointsman.balancer.admin.TakeoverPage;
import dev.pointsman.balancer.admin.WriteGuard;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.downstream.AcceptingTransport;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.downstream.InheritedSocket;
import dev.pointsman.balancer.live.LiveConfig;
import dev.pointsman.balancer.upstream.UpstreamRoom;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The port of the admin API, with what it shows and changes besides the decisions of the control plane. Thread-safe. */
final class AdminPort {
    private final ControlLoop loop;
    private final Supplier<BalancerConfig> config;
    private final @Nullable InheritedSocket inherited;

    private volatile @Nullable LiveConfig liveConfig;
    private volatile LauncherAccess launchers = LauncherAccess.NONE;
    private volatile SuccessorAccess successor = SuccessorAccess.NONE;
    private volatile @Nullable TrafficPages traffic;
    private volatile @Nullable AdminServer server;

    /** Makes the parts of the API that are about the decisions of the control plane. */
    interface Decisions {
        /**
         * Makes them.
         *
         * @param guard admits what changes something
         * @param audit records it
         */
        List<AdminPart> parts(WriteGuard guard, AuditLog audit, ConfigAccess access);
    }

    /**
     * One that is not open.
     *
     * @param config the one in force
     * @param inherited the socket of the process before; null for none
     */
    AdminPort(ControlLoop loop, Supplier<BalancerConfig> config, @Nullable InheritedSocket inherited) {
        this.loop = loop;
        this.config = config;
        this.inherited = inherited;
    }

    /** Shows the launchers that run beside this balancer; before it is opened. */
    void showing(LauncherAccess access) {
        launchers = access;
    }

    /** Starts the process that takes this one's place; before it is opened. */
    void succeededBy(SuccessorAccess access) {
        successor = access;
    }

    /** Shows a live configuration, and reads it again when it is asked to; before it is opened. */
    void configuredBy(LiveConfig live) {
        liveConfig = live;
    }

    /**
     * Opens it.
     *
     * @param pages makes those that show what goes on, under the live configuration if there is one
     */
    Future<Void> open(StateView view, Function<@Nullable LiveConfig, TrafficPages> pages, Decisions decisions) {
        LiveConfig live = liveConfig;
        TrafficPages shown = pages.apply(live);
        traffic = shown;
        AuditLog audit = new AuditLog(Clock.systemUTC());
        WriteGuard guard = new WriteGuard(loop.vertx(), () -> config.get().adminAccess(), audit, System::nanoTime);
        List<AdminPart> parts = new ArrayList<>(shown.begin());
        parts.addAll(decisions.parts(
                guard, audit, live == null ? ConfigAccess.FIXED : new LiveConfigAccess(loop.vertx(), live)));
        parts.add(new LauncherPages(loop.vertx(), launchers, guard));
        parts.add(new TakeoverPage(this::startSuccessor, guard));
        BalancerConfig now = config.get();
        AdminServer opened = new AdminServer(loop.vertx(), now.admin(), now.hostNames(), now.limits(), view, parts);
        server = opened;
        if (inherited != null) {
            AcceptingTransport.inherit(loop.vertx(), inherited);
        }
        return opened.listen()
                .recover(cause -> Future.failedFuture(StartException.notListening(
                        "the admin port", now.admin().toString(), "--admin", cause)))
                .mapEmpty();
    }

    /** Starting a process blocks, for some milliseconds at the least. */
    private Future<String> startSuccessor() {
        return loop.back(loop.vertx().executeBlocking(successor::start, false).compose(outcome -> outcome));
    }

    /** The port's number; 0 for none. */
    int port() {
        AdminServer running = server;
        return running == null ? 0 : running.port();
    }

    /** Takes what counts connections, as soon as there are any. */
    void connectionsCountedBy(ConnectionLimit clients, UpstreamRoom upstreams, @Nullable Certificates certificates) {
        TrafficPages shown = traffic;
        if (shown != null) {
            shown.connectionsCountedBy(clients, upstreams, certificates);
        }
    }

    /** Leaves the port to another process; what is asked already gets its response. */
    Future<Void> leave() {
        return AcceptingTransport.leavePort(loop.vertx(), port());
    }

    /** Ends streams of events, whose clients would else have the end wait, from now on; completes when that is done. */
    Future<Void> endStreams() {
        TrafficPages streaming = traffic;
        return streaming == null
                ? Future.succeededFuture()
                : loop.call(() -> {
                    streaming.close();
                    return null;
                });
    }

    /** Closes it. */
    Future<Void> close() {
        AdminServer serving = server;
        return serving == null ? Future.succeededFuture() : serving.close();
    }
}
