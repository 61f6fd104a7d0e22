package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.metrics.LoopCounter;
import dev.pointsman.balancer.metrics.TcpCounts;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/** The counts of one TCP route's connections to one service, on one event loop, which writes them; any thread reads. */
public final class TcpMeter {
    private final LoopCounter open = new LoopCounter();
    private final LoopCounter accepted = new LoopCounter();
    private final LoopCounter received = new LoopCounter();
    private final LoopCounter sent = new LoopCounter();
    private final LoopCounter nanos = new LoopCounter();
    private final LoopCounter retries = new LoopCounter();

    /** Empty, or with a counter for each reason: most routes have none. */
    private volatile Map<TcpFailure, LoopCounter> failures = Map.of();

    void opened() {
        accepted.add(1);
        open.add(1);
    }

    void closed(long took) {
        open.add(-1);
        nanos.add(took);
    }

    void received(long bytes) {
        received.add(bytes);
    }

    void sent(long bytes) {
        sent.add(bytes);
    }

    void retried() {
        retries.add(1);
    }

    void failed(TcpFailure why) {
        if (failures.isEmpty()) {
            Map<TcpFailure, LoopCounter> zeros = new EnumMap<>(TcpFailure.class);
            for (TcpFailure each : TcpFailure.values()) {
                zeros.put(each, new LoopCounter());
            }
            failures = zeros;
        }
        Objects.requireNonNull(failures.get(why)).add(1);
    }

    TcpCounts connections() {
        return new TcpCounts(open.value(), accepted.value(), received.value(), sent.value());
    }

    /** The time of all connections that have ended. */
    long nanos() {
        return nanos.value();
    }

    /** Connections to instances that did not stand. */
    long retries() {
        return retries.value();
    }

    /** Calls back with each reason for which a connection ended before its sides had ended it, and how many did. */
    void forEachFailure(BiConsumer<TcpFailure, Long> each) {
        failures.forEach((why, count) -> {
            if (count.value() > 0) {
                each.accept(why, count.value());
            }
        });
    }
}
