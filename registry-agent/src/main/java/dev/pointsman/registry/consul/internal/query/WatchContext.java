package dev.pointsman.registry.consul.internal.query;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The environment that all watches of one registry share: transport, timers, clocks and the two durations that are
 * configured.
 *
 * @param vertx for timers
 * @param transport for requests to Consul
 * @param silence resumes the queries when Consul is heard again
 * @param pace by which many queries of a kind wait longer than few
 * @param probe finds out whether a retained instance still answers
 * @param blockFor the longest that Consul is asked to wait for a change
 * @param retainFor how long self-preservation keeps an instance, see {@link SelfPreservation}; zero turns it off
 * @param clock for the times that are shown to people
 * @param nanoTime for the times that are measured
 * @param random for the spread of the pauses
 */
public record WatchContext(
        Vertx vertx,
        ConsulTransport transport,
        SilenceWatch silence,
        QueryPace pace,
        AnswerProbe probe,
        Duration blockFor,
        Duration retainFor,
        Clock clock,
        LongSupplier nanoTime,
        RandomGenerator random) {
    /** The environment with a silence watch and a pace of its own. */
    public WatchContext(
            Vertx vertx,
            ConsulTransport transport,
            AnswerProbe probe,
            Duration blockFor,
            Duration retainFor,
            Clock clock,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this(
                vertx,
                transport,
                new SilenceWatch(vertx, transport, nanoTime),
                new QueryPace(),
                probe,
                blockFor,
                retainFor,
                clock,
                nanoTime,
                random);
    }

    /** The same over another transport, which the silence watch uses too. */
    public WatchContext over(ConsulTransport other) {
        return new WatchContext(vertx, other, probe, blockFor, retainFor, clock, nanoTime, random);
    }
}
