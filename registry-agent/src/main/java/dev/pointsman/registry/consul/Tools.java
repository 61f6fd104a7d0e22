package dev.pointsman.registry.consul;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What all watches of one registry work with.
 *
 * @param vertx for timers
 * @param asker for questions to Consul
 * @param options how to watch
 * @param clock for the times that are shown to people
 * @param nanoTime for the times that are measured
 * @param random for the spread of the pauses
 */
record Tools(
        Vertx vertx,
        Asker asker,
        ConsulWatchOptions options,
        Clock clock,
        LongSupplier nanoTime,
        RandomGenerator random) {}
