package dev.pointsman.cli;

import dev.pointsman.balancer.Balancer;
import dev.pointsman.balancer.Predecessor;
import dev.pointsman.balancer.StartException;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.config.Listener;
import dev.pointsman.cli.run.RuntimeFolder;
import dev.pointsman.cli.takeover.ActivatedSockets;
import dev.pointsman.cli.takeover.NotifySocket;
import dev.pointsman.cli.takeover.Successor;
import dev.pointsman.cli.takeover.Takeover;
import dev.pointsman.cli.takeover.TakeoverServer;
import dev.pointsman.launcher.control.ControlException;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a balancer has to do with the process before it, the one after it, and systemd, which looks after both. */
final class Succession {
    private static final Logger log = LoggerFactory.getLogger(Succession.class);
    static final String FLAG = "--takeover";

    private final BalancerConfig config;
    private final NotifySocket systemd;
    private final @Nullable Path socket;
    private final @Nullable Predecessor predecessor;
    private volatile @Nullable TakeoverServer server;
    private volatile String lack = "it is not ready yet";
    private @Nullable Supplier<@Nullable TakeoverServer> listening;

    private Succession(
            BalancerConfig config, NotifySocket systemd, @Nullable Path socket, @Nullable Predecessor predecessor) {
        this.config = config;
        this.systemd = systemd;
        this.socket = socket;
        this.predecessor = predecessor;
    }

    /**
     * Gets the sockets of the process before, if there are any; blocks.
     *
     * @param takesOver whether it is to take over from a balancer that runs
     */
    static Succession begin(BalancerConfig config, boolean takesOver, Map<String, String> environment)
            throws StartException {
        NotifySocket systemd = NotifySocket.from(environment);
        Path socket = socket(config, environment);
        Predecessor predecessor = ActivatedSockets.from(environment, addresses(config), config.admin());
        if (predecessor == null && takesOver) {
            predecessor = takeover(config, socket, environment.get(Successor.FROM_VARIABLE));
        }
        return new Succession(config, systemd, socket, predecessor);
    }

    /** @param starter the process that started this one to be taken over from; null if somebody else did */
    private static @Nullable Predecessor takeover(
            BalancerConfig config, @Nullable Path socket, @Nullable String starter) throws StartException {
        if (config.dev()) {
            throw new StartException(FLAG + " with --dev: the embedded registry is in the process that would be left"
                    + " (expected: a registry of its own, as by pointsman registry)");
        }
        if (socket == null) {
            throw new StartException(FLAG + " with port 0, or without a private folder: no balancer can be found so");
        }
        Takeover takeover = found(config, socket);
        if (takeover == null && starter != null) {
            // Beside the one that runs it would be a second balancer, of which nobody knows.
            throw new StartException(FLAG + ": process " + starter + ", which started this one, is not found by port "
                    + config.listen().port() + " (expected: the port that it serves, and its folder of sockets; for"
                    + " another port stop it and start anew)");
        }
        if (takeover == null) {
            log.info(
                    "no balancer of this user runs on port {}, from which to take over: this is the first",
                    config.listen().port());
        }
        return takeover;
    }

    /** The balancer that has one of the ports as its first one. */
    private static @Nullable Takeover found(BalancerConfig config, Path socket) throws StartException {
        List<ListenAddress> clients = addresses(config);
        Path folder = Objects.requireNonNull(socket.getParent());
        for (ListenAddress port : clients) {
            Takeover takeover = Takeover.begin(Takeover.socket(folder, port.port()), clients, config.admin());
            if (takeover != null) {
                return takeover;
            }
        }
        return null;
    }

    private static List<ListenAddress> addresses(BalancerConfig config) {
        return config.listeners().stream().map(Listener::address).toList();
    }

    /** Where a balancer of this port is found; null where none can be. */
    private static @Nullable Path socket(BalancerConfig config, Map<String, String> environment) {
        if (config.listen().port() == 0) {
            return null;
        }
        try {
            RuntimeFolder folder = RuntimeFolder.of(environment);
            folder.open();
            return Takeover.socket(folder.path(), config.listen().port());
        } catch (ControlException unusable) {
            log.info("this balancer cannot be taken over from: {}", unusable.getMessage());
            return null;
        }
    }

    /** The process before this one; null for none. */
    @Nullable
    Predecessor predecessor() {
        return predecessor;
    }

    /** The start of the process after this one. */
    Successor successor(List<String> command) {
        List<String> taking = new ArrayList<>(command);
        if (!taking.contains(FLAG)) {
            taking.add(FLAG);
        }
        return new Successor(taking, () -> {
            TakeoverServer known = listen();
            if (known == null) {
                throw new IllegalStateException("this balancer cannot be taken over from: " + lack);
            }
            return known;
        });
    }

    /**
     * The balancer is ready: it may be taken over from, and systemd is told.
     *
     * @param end stops this process, once another one has its ports
     */
    void ready(Balancer balancer, Runnable end) {
        if (config.dev()) {
            lack = "its embedded registry would end with it";
        } else if (socket == null) {
            lack = "it has no fixed port, or no private folder";
        } else {
            mayListen(() -> start(socket, balancer, end));
            // Beside the first clients: it loads a native library.
            var unused = CompletableFuture.runAsync(this::listen);
        }
        systemd.send("MAINPID=" + ProcessHandle.current().pid(), "READY=1", "STATUS=serves clients");
        if (systemd.watchdogMicros() > 0) {
            beginSignsOfLife(balancer);
        }
    }

    private @Nullable TakeoverServer start(Path at, Balancer balancer, Runnable end) {
        try {
            removeOther(at);
            return TakeoverServer.start(at, balancer, config.admin().host(), end);
        } catch (IOException impossible) {
            lack = String.valueOf(impossible.getMessage());
            log.info("this balancer cannot be taken over from: {}", lack);
            return null;
        }
    }

    /** The process before may have had another port as its first one. */
    private void removeOther(Path own) throws IOException {
        if (predecessor instanceof Takeover from && !from.socket().equals(own)) {
            Files.deleteIfExists(from.socket());
        }
    }

    private synchronized void mayListen(Supplier<@Nullable TakeoverServer> begin) {
        listening = begin;
    }

    /** Lets another process take over, unless that has begun or cannot be; null where it cannot. */
    private synchronized @Nullable TakeoverServer listen() {
        Supplier<@Nullable TakeoverServer> begin = listening;
        listening = null;
        if (begin != null) {
            server = begin.get();
        }
        return server;
    }

    private synchronized @Nullable TakeoverServer listensNoMore() {
        listening = null;
        return server;
    }

    private void beginSignsOfLife(Balancer balancer) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "watchdog");
            thread.setDaemon(true);
            return thread;
        });
        long half = systemd.watchdogMicros() / 2;
        // Sent by the timer's thread: systemd may be slow to take it, which no event loop may wait for.
        var unused = timer.scheduleAtFixedRate(
                () -> balancer.respond().onSuccess(responded -> timer.execute(this::signOfLife)),
                0,
                half,
                TimeUnit.MICROSECONDS);
    }

    private void signOfLife() {
        TakeoverServer known = server;
        if (known == null || !known.isLeft()) {
            systemd.send("WATCHDOG=1");
        }
    }

    /** The balancer does not become ready. */
    void failed(Exception why) {
        if (predecessor instanceof Takeover takeover) {
            takeover.failed(String.valueOf(why.getMessage()));
        }
    }

    /** The stop begins. */
    Future<Void> stopping() {
        TakeoverServer known = listensNoMore();
        if (known != null && known.isLeft()) {
            return Future.succeededFuture();
        }
        systemd.send("STOPPING=1");
        try {
            if (known != null) {
                known.close();
            }
        } catch (IOException left) {
            log.warn("{} is left behind: {}", socket, left.getMessage());
        }
        return Future.succeededFuture();
    }
}
