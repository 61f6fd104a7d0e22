package dev.pointsman.balancer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.balancer.downstream.AcceptGate;
import dev.pointsman.balancer.downstream.ClientPorts;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.downstream.Drain;
import dev.pointsman.balancer.filter.RouteGates;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.observe.RequestObserver;
import dev.pointsman.balancer.observe.RequestTracer;
import dev.pointsman.balancer.proxy.ProxyVerticle;
import dev.pointsman.balancer.proxy.RoutePool;
import dev.pointsman.balancer.proxy.RoutingSnapshot;
import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.balancer.resilience.PoolTraffic;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.tcp.TcpTraffic;
import dev.pointsman.balancer.upstream.UpstreamRoom;
import dev.pointsman.pick.RoundRobin;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import dev.pointsman.settings.Setting;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The data plane on one event loop, with pools that a test fills by hand: no registry. Below {@code /} is one pool; its
 * upstreams take turns in the order in which the test made them. After each test nothing may be in flight any more.
 */
public final class TestProxy implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(5);

    private final String[] flags;
    private final boolean shared;
    private final Pool pool = new Pool("svc", new RoundRobin());
    private final Drain drain = new Drain();
    private final AtomicLong time = new AtomicLong(System.nanoTime());
    private final RouteGates gates = new RouteGates(time::get);
    private final List<Instance> instances = new ArrayList<>();
    private final List<AutoCloseable> closeables = new ArrayList<>();
    private SelectorProvider sockets = SelectorProvider.provider();
    private @Nullable Vertx vertx;
    private @Nullable ProxyVerticle verticle;
    private @Nullable ClientPorts ports;
    private List<RequestObserver> observers = List.of();
    private @Nullable RequestTracer tracer;
    private boolean stopped;

    /**
     * Not started yet.
     *
     * @param flags settings, such as "response-timeout=300ms"
     */
    public TestProxy(String... flags) {
        this(false, flags);
    }

    private TestProxy(boolean shared, String... flags) {
        this.shared = shared;
        this.flags = flags.clone();
    }

    /** The same with other sockets to upstreams, before it is started. */
    public TestProxy withSockets(SelectorProvider other) {
        sockets = other;
        return this;
    }

    /** Tells these of its requests, from the start or from the next {@link #reload} on. */
    public TestProxy observedBy(RequestObserver... told) {
        observers = List.of(told);
        return this;
    }

    /** Traces requests, or does not if null, from the start or from the next {@link #reload} on. */
    public TestProxy tracedBy(@Nullable RequestTracer by) {
        tracer = by;
        return this;
    }

    /**
     * One for all tests of a class, where a start for each would take longer than the tests; for a static field. Each
     * test begins with an empty pool. Whose turn it is among several upstreams is then not known.
     */
    public static TestProxy shared(String... flags) {
        return new TestProxy(true, flags);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        if (shared) {
            start();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        if (!shared) {
            start();
        }
    }

    private static BalancerConfig config(String... flags) throws Exception {
        List<Setting> settings = new ArrayList<>();
        settings.add(Setting.flag("host", "127.0.0.1"));
        settings.add(Setting.flag("port", "0"));
        if (Arrays.stream(flags).noneMatch(flag -> flag.startsWith("route="))) {
            settings.add(Setting.flag("route", "/=svc"));
        }
        for (String flag : flags) {
            int equals = flag.indexOf('=');
            settings.add(Setting.flag(flag.substring(0, equals), flag.substring(equals + 1)));
        }
        return ConfigReader.read(settings, Map.of());
    }

    /** Puts these settings in force in place of those before, as a reload does. */
    public void reload(String... newFlags) throws Exception {
        BalancerConfig config = config(newFlags);
        finish(Objects.requireNonNull(verticle).apply(config, routing(config)));
    }

    private void start() throws Exception {
        BalancerConfig config = config(flags);
        Vertx started = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        ClientPorts opened = new ClientPorts(started, new AcceptGate("clients", System::nanoTime));
        ports = opened;
        vertx = started;
        ProxyVerticle proxy = new ProxyVerticle(
                opened,
                null,
                config,
                routing(config),
                new ConnectionLimit(config.limits().maxConnections(), System::nanoTime),
                new UpstreamRoom(UpstreamRoom.ANY, sockets),
                drain,
                gates,
                new TcpTraffic().addLoop(),
                (under, loop) -> new LoopObservers(observers, tracer, System::nanoTime, loop));
        verticle = proxy;
        finish(started.deployVerticle(proxy).compose(deployed -> opened.open(config.listeners(), Map.of())));
    }

    /** One for all routes, so that tests can look at it. */
    private RoutingSnapshot routing(BalancerConfig config) {
        PoolSettings settings = config.routes().get(0).options().pool();
        AdmissionQueue queue =
                settings.isLimited() ? new AdmissionQueue(settings.maxRequests(), settings.queue()) : null;
        RoutePool shared = new RoutePool(pool, queue, new PoolTraffic());
        RouteTable table = new RouteTable(config.routes());
        return new RoutingSnapshot(
                1,
                table,
                table.routes().stream()
                        .map(route -> Collections.nCopies(route.branches().size(), shared))
                        .toList());
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        try {
            awaitIdle();
        } finally {
            // Clients first: the proxy would wait for theirs.
            closeAll();
            if (shared) {
                emptyPool();
            } else {
                end();
            }
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (shared) {
            end();
        }
    }

    /** All instances leave the pool, which forgets them. One that joins later has the name of the first. */
    public void emptyPool() {
        instances.clear();
        pool.apply(new ServiceView("svc", List.of()));
        // Once more, so that the pool forgets the ones that just left, too.
        pool.apply(new ServiceView("svc", List.of()));
    }

    private void end() throws Exception {
        if (!stopped) {
            stop();
        }
        finish(Objects.requireNonNull(vertx).close());
        gates.close();
    }

    private void closeAll() throws Exception {
        List<AutoCloseable> all = List.copyOf(closeables);
        closeables.clear();
        for (AutoCloseable closeable : all) {
            closeable.close();
        }
    }

    /** Waits until no attempt is in flight on any upstream. */
    public void awaitIdle() {
        // Mostly it is so already, and asked hundreds of times: no pause before the first look, as is the default.
        await().pollDelay(Duration.ZERO).pollInterval(POLL).atMost(PATIENCE).untilAsserted(() -> assertThat(
                        pool.snapshot().upstreams())
                .allSatisfy(upstream -> assertThat(upstream.inFlight())
                        .as("in flight on %s", upstream)
                        .isZero()));
    }

    /** One more instance in the pool; it reads each request whole and then does as told. */
    public ScriptedUpstream upstream(ScriptedUpstream.Response response) throws IOException {
        return add(ScriptedUpstream.standalone(response));
    }

    /** The same, but whatever in a request departs from the grammar fails the test, see {@link StrictReader}. */
    public ScriptedUpstream strictUpstream(ScriptedUpstream.Response response) throws IOException {
        return add(ScriptedUpstream.strict(response));
    }

    /** One more instance in the pool, with a script of its own for each connection. */
    public ScriptedUpstream rawUpstream(ScriptedUpstream.Script script) throws IOException {
        return add(ScriptedUpstream.playing(script));
    }

    /** One more instance in the pool that speaks over TLS, say. */
    public ScriptedUpstream upstream(ScriptedUpstream.Security security, ScriptedUpstream.Response response)
            throws IOException {
        return add(ScriptedUpstream.secured(security, response));
    }

    /** The same with a script of its own for each connection. */
    public ScriptedUpstream rawUpstream(ScriptedUpstream.Security security, ScriptedUpstream.Script script)
            throws IOException {
        return add(ScriptedUpstream.playing(script, security));
    }

    /** One more instance in the pool, which speaks HTTP/2. */
    public Http2Instance http2Upstream(Http2Instance.Behaviour behaviour) throws Exception {
        return http2Upstream(new Http2Instance(behaviour));
    }

    /** The same, made by the test. */
    public Http2Instance http2Upstream(Http2Instance instance) {
        closeables.add(instance);
        list(instance.port());
        return instance;
    }

    /** One more instance in the pool, which plays a script in HTTP/2. */
    public ScriptedHttp2 http2Upstream(ScriptedHttp2 instance) {
        closeables.add(instance);
        list(instance.port());
        return instance;
    }

    private ScriptedUpstream add(ScriptedUpstream upstream) {
        closeables.add(upstream);
        list(upstream.port());
        return upstream;
    }

    /** One more instance in the pool that refuses every connection: its port is taken, and no socket listens on it. */
    public void refusingUpstream() throws IOException {
        Socket bound = new Socket();
        closeables.add(bound);
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        list(bound.getLocalPort());
    }

    private void list(int port) {
        instances.add(new Instance(
                new InstanceKey("n1", "u" + instances.size()),
                "svc",
                "127.0.0.1",
                port,
                List.of("svc"),
                Map.of(),
                Weights.DEFAULT,
                Health.PASSING,
                ""));
        pool.apply(new ServiceView("svc", instances));
    }

    /** The pool's upstreams, in the order in which the test made them. */
    public List<Upstream> upstreams() {
        return pool.snapshot().upstreams();
    }

    public int port() {
        return Objects.requireNonNull(ports).addresses().get(0).port();
    }

    /** An action of a test that may fail. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    /** Does something while the only event loop is busy, so that it sees all that has come meanwhile in one turn. */
    public void whileTheLoopIsBusy(Action action) throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Objects.requireNonNull(vertx).getOrCreateContext().runOnContext(onLoop -> {
            busy.countDown();
            boolean unused = awaitUninterruptibly(done);
        });
        assertThat(busy.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        try {
            action.run();
        } finally {
            done.countDown();
        }
    }

    private static boolean awaitUninterruptibly(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A client's connection. */
    public Wire connect() throws IOException {
        Wire wire = Wire.to(port());
        closeables.add(wire);
        return wire;
    }

    /** A request without a body on a connection of its own, and its response. */
    public Message request(String method, String path, String... fields) throws IOException {
        Wire client = connect();
        sendRequest(client, method, path, fields);
        return method.equals("HEAD") ? client.readResponseToHead() : client.readMessage();
    }

    public Message get(String path, String... fields) throws IOException {
        return request("GET", path, fields);
    }

    public Message post(String path, String body, String... fields) throws IOException {
        Wire client = connect();
        List<String> all = new ArrayList<>(List.of(fields));
        all.add("Content-Length: " + body.length());
        sendRequest(client, "POST", path, all.toArray(new String[0]));
        return client.send(body).readMessage();
    }

    /** Sends a head with a Host field. */
    public static void sendRequest(Wire client, String method, String path, String... fields) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(method + " " + path + " HTTP/1.1");
        lines.add("Host: example.com");
        lines.addAll(List.of(fields));
        client.sendHead(lines.toArray(new String[0]));
    }

    /** Turns the clock of limits and logins on. */
    public void turnClock(Duration by) {
        time.addAndGet(by.toNanos());
    }

    /** From now on clients are asked to leave. */
    public void beginDrain() {
        drain.begin();
    }

    /** Begins to stop; completes when the port and every connection are closed. */
    public Future<Void> stopping() {
        stopped = true;
        drain.begin();
        return Objects.requireNonNull(verticle).drainAndClose();
    }

    private void stop() throws Exception {
        finish(stopping());
    }

    private static void finish(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
