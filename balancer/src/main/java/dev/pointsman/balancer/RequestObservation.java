package dev.pointsman.balancer;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.observe.RequestObserver;
import dev.pointsman.balancer.observe.RequestTracer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Those who count, trace and log the requests of all event loops, as the settings have it. Thread-safe. */
final class RequestObservation {
    /** The observers of one more event loop, under each configuration that comes. */
    Function<BalancerConfig, LoopObservers> ofNextLoop() {
        return this::observers;
    }

    private LoopObservers observers(BalancerConfig config) {
        List<RequestObserver> observers = new ArrayList<>();
        @Nullable RequestTracer tracer = null;
        return new LoopObservers(observers, tracer, System::nanoTime);
    }
}
