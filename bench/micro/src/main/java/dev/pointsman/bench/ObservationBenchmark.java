package dev.pointsman.bench;

import dev.pointsman.balancer.accesslog.AccessLog;
import dev.pointsman.balancer.accesslog.LineFormat;
import dev.pointsman.balancer.accesslog.LogDestination;
import dev.pointsman.balancer.accesslog.LoopAccessLog;
import dev.pointsman.balancer.config.SpanExport;
import dev.pointsman.balancer.config.SpanExport.ExportTls;
import dev.pointsman.balancer.config.SpanExport.SpanQueue;
import dev.pointsman.balancer.config.SpanExport.SpanSize;
import dev.pointsman.balancer.config.TraceSampling;
import dev.pointsman.balancer.config.TracingConfig;
import dev.pointsman.balancer.metrics.Buckets;
import dev.pointsman.balancer.metrics.TrafficMeters;
import dev.pointsman.balancer.observe.AttemptTrace;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.observe.MaskedNames;
import dev.pointsman.balancer.observe.ObservedAttempt;
import dev.pointsman.balancer.observe.ObservedRequest;
import dev.pointsman.balancer.observe.RequestObserver;
import dev.pointsman.balancer.observe.RequestTracer;
import dev.pointsman.balancer.trace.Tracing;
import dev.pointsman.pick.RoundRobin;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost of having a request with one attempt counted, logged to the null device, or looked at for a trace. With
 * {@code between}, other memory is walked over before each, as forwarding does: the caches then hold little of ours.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ObservationBenchmark {
    private static final int LINE = 64;

    @Param({"nothing", "metrics", "combined", "json", "unsampled"})
    public String way = "";

    /** KiB of other memory. */
    @Param({"0", "512"})
    public int between;

    /** Requests in a turn of the event loop. */
    @Param({"1", "16"})
    public int turn;

    private final List<Runnable> afterTurn = new ArrayList<>();
    private int inTurn;
    private byte[] other = {};
    private @Nullable AccessLog log;
    private @Nullable Tracing tracing;
    private LoopObservers observers = LoopObservers.NONE;
    private Upstream upstream = upstream();
    private final HttpHeaders fields = new DefaultHttpHeaders().add("Host", "127.0.0.1:8080");
    private final HttpHeaders responseFields = new DefaultHttpHeaders().add("Content-Length", "28");

    private static Upstream upstream() {
        Pool pool = new Pool("svc", new RoundRobin());
        InstanceKey key = new InstanceKey("node-1", "svc-1");
        pool.apply(new ServiceView(
                "svc",
                List.of(new Instance(
                        key, "svc", "10.0.0.1", 8080, List.of(), Map.of(), Weights.DEFAULT, Health.PASSING, ""))));
        return pool.snapshot().ready().get(0);
    }

    @Setup
    public void open() throws Exception {
        other = new byte[between * 1024];
        List<RequestObserver> all = new ArrayList<>();
        RequestTracer tracer = null;
        switch (way) {
            case "metrics" ->
                all.add(new TrafficMeters(new Buckets(List.of(
                                Duration.ofMillis(5),
                                Duration.ofMillis(10),
                                Duration.ofMillis(25),
                                Duration.ofMillis(50),
                                Duration.ofMillis(75),
                                Duration.ofMillis(100),
                                Duration.ofMillis(250),
                                Duration.ofMillis(500),
                                Duration.ofMillis(750),
                                Duration.ofSeconds(1),
                                Duration.ofMillis(2500),
                                Duration.ofSeconds(5),
                                Duration.ofMillis(7500),
                                Duration.ofSeconds(10))))
                        .addLoop());
            case "combined", "json" -> all.add(logging());
            case "unsampled" -> tracer = tracer();
            default -> {
                // nobody
            }
        }
        observers = new LoopObservers(all, tracer, System::nanoTime, afterTurn::add);
    }

    private LoopAccessLog logging() throws Exception {
        AccessLog opened = new AccessLog(Clock.systemUTC());
        LogDestination destination = new LogDestination(Path.of("/dev/null"));
        opened.open(destination);
        LoopAccessLog lines = opened.ofLoop();
        lines.logTo(destination, LineFormat.of(way, new MaskedNames(MaskedNames.DEFAULT)));
        log = opened;
        return lines;
    }

    private @Nullable RequestTracer tracer() throws Exception {
        SpanExport export = new SpanExport(
                "http://127.0.0.1:9/v1/traces",
                Map.of(),
                Duration.ofSeconds(1),
                false,
                new ExportTls(null, null, null),
                new SpanQueue(2048, 512, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                new SpanSize(128, 1024),
                Map.of());
        TracingConfig config = new TracingConfig(
                true, new TraceSampling(true, 0), false, TracingConfig.KNOWN_METHODS, MaskedNames.NONE, export);
        Tracing made = new Tracing(System::nanoTime, Clock.systemUTC());
        made.prepare(config);
        tracing = made;
        return made.ofLoop(config);
    }

    @TearDown
    public void close() {
        if (log != null) {
            log.close().join();
        }
        if (tracing != null) {
            tracing.close(Duration.ZERO);
        }
    }

    @Benchmark
    public int request() {
        int sum = 0;
        for (int i = 0; i < other.length; i += LINE) {
            sum += other[i]++;
        }
        Request request = new Request(observers, fields, responseFields);
        request.beginTrace();
        Try attempt = new Try(request, upstream);
        attempt.connected();
        AttemptTrace trace = attempt.trace();
        sum += trace == null ? 0 : trace.traceparent().length();
        attempt.responded();
        attempt.over();
        request.noteEnd();
        if (++inTurn == turn) {
            inTurn = 0;
            afterTurn.forEach(Runnable::run);
            afterTurn.clear();
        }
        return sum;
    }

    private static final class Try extends ObservedAttempt {
        Try(ObservedRequest request, Upstream to) {
            super(request, to);
        }

        void connected() {
            noteConnected(true);
        }

        void responded() {
            noteResponse(200);
        }

        void over() {
            noteEnd(null);
        }
    }

    private static final class Request extends ObservedRequest {
        private final HttpHeaders fields;
        private final HttpHeaders responseFields;

        Request(LoopObservers observers, HttpHeaders fields, HttpHeaders responseFields) {
            super(observers, null);
            this.fields = fields;
            this.responseFields = responseFields;
        }

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String uri() {
            return "/28";
        }

        @Override
        public String protocolVersion() {
            return "1.1";
        }

        @Override
        public @Nullable String host() {
            return fields.get("Host");
        }

        @Override
        public String scheme() {
            return "http";
        }

        @Override
        public String peerAddress() {
            return "127.0.0.1";
        }

        @Override
        public int peerPort() {
            return 40_000;
        }

        @Override
        public boolean isPeerTrusted() {
            return false;
        }

        @Override
        public String originAddress() {
            return "127.0.0.1";
        }

        @Override
        public HttpHeaders fields() {
            return fields;
        }

        @Override
        public String id() {
            return "0123456789abcdef0123456789abcdef";
        }

        @Override
        public @Nullable String observedRoute() {
            return "/";
        }

        @Override
        public @Nullable String service() {
            return "svc";
        }

        @Override
        public @Nullable String forwardedTarget() {
            return "/28";
        }

        @Override
        public int status() {
            return 200;
        }

        @Override
        public HttpHeaders responseFields() {
            return responseFields;
        }

        @Override
        public long requestBytes() {
            return 0;
        }

        @Override
        public long responseBytes() {
            return 28;
        }
    }
}
