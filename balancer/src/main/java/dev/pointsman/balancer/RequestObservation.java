package dev.pointsman.balancer;

import dev.pointsman.balancer.accesslog.AccessLog;
import dev.pointsman.balancer.accesslog.LogDestination;
import dev.pointsman.balancer.accesslog.LoopAccessLog;
import dev.pointsman.balancer.config.AccessLogConfig;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.metrics.LoopMeters;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.observe.RequestObserver;
import dev.pointsman.balancer.observe.RequestTracer;
import dev.pointsman.balancer.trace.SpanCounts;
import dev.pointsman.balancer.trace.Tracing;
import dev.pointsman.balancer.trace.TracingException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who count, trace and log the requests of all event loops, as the settings have it. Thread-safe. */
final class RequestObservation {
    private static final Logger log = LoggerFactory.getLogger(RequestObservation.class);

    /** For how long the end waits for a disk, or for who reads standard output. */
    private static final long LAST_LINES_SECONDS = 5;

    /** The longest time that a stop takes for spans that are not sent yet. */
    private static final Duration FLUSH = Duration.ofSeconds(2);

    private final RequestMetering metering;
    private final Tracing tracing = new Tracing(System::nanoTime, Clock.systemUTC());
    private final AccessLog accessLog = new AccessLog(Clock.systemUTC());

    RequestObservation(BalancerConfig config) {
        this.metering = new RequestMetering(config);
    }

    /** What counts them. */
    RequestMetering metering() {
        return metering;
    }

    /** Opens what a configuration needs that is about to be in force; blocks. */
    void prepare(BalancerConfig next) throws StartException {
        try {
            tracing.prepare(next.observation().tracing());
        } catch (TracingException noWay) {
            throw new StartException(String.valueOf(noWay.getMessage()));
        }
        metering.prepare(next);
        LogDestination destination = next.observation().accessLog().destination();
        if (destination == null) {
            return;
        }
        try {
            accessLog.open(destination);
        } catch (IOException unusable) {
            throw new StartException("access-log: " + destination + " cannot be opened (" + unusable
                    + "); choose another with --access-log");
        }
    }

    /** Closes what the configuration does not need that is in force on all event loops. */
    void settle(BalancerConfig inForce) {
        accessLog.keepOnly(inForce.observation().accessLog().destination());
    }

    /** The observers of one more event loop, under each configuration that comes. */
    BiFunction<BalancerConfig, Executor, LoopObservers> ofNextLoop() {
        Function<BalancerConfig, @Nullable LoopMeters> meters = metering.ofNextLoop();
        LoopAccessLog lines = accessLog.ofLoop();
        return (config, loop) -> observers(config, meters.apply(config), lines, loop);
    }

    private LoopObservers observers(
            BalancerConfig config, @Nullable LoopMeters meters, LoopAccessLog lines, Executor loop) {
        List<RequestObserver> observers = new ArrayList<>();
        if (meters != null) {
            observers.add(meters);
        }
        RequestTracer tracer = tracing.ofLoop(config.observation().tracing());
        AccessLogConfig logged = config.observation().accessLog();
        LogDestination destination = logged.destination();
        if (destination == null) {
            lines.stop();
        } else {
            lines.logTo(destination, logged.format());
            observers.add(lines);
        }
        return new LoopObservers(observers, tracer, System::nanoTime, loop);
    }

    /** What became of spans of traces. */
    SpanCounts spans() {
        return tracing.counts();
    }

    /** Sends the spans that wait, within a bounded time, and makes none any more. Blocks. */
    void endTracing() {
        tracing.close(FLUSH);
    }

    /** How many lines of the access log were lost since the start. */
    long lostAccessLogLines() {
        return accessLog.lostLines();
    }

    /** How many times a write of the access log has failed since the start. */
    long failedAccessLogWrites() {
        return accessLog.failedWrites();
    }

    /** Opens the files of logs anew by their paths, after they were renamed. Ends when it is done. */
    CompletionStage<Void> reopenLogs() {
        return accessLog.reopen();
    }

    /** Writes what is left, for a bounded time, and closes everything; when no event loop serves any more. */
    CompletionStage<Void> close() {
        return accessLog.close().orTimeout(LAST_LINES_SECONDS, TimeUnit.SECONDS).exceptionally(late -> {
            log.warn(
                    "access log: what was on its way is lost, as it could not be written within {} s",
                    LAST_LINES_SECONDS);
            return null;
        });
    }
}
