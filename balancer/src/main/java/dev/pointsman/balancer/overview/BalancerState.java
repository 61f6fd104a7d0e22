package dev.pointsman.balancer.overview;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of the balancer as a whole at one moment. Immutable.
 *
 * @param version of the program
 * @param state {@code starting}, {@code ready} or {@code stopping}
 * @param clients open connections from clients
 * @param upstreams open connections to instances
 * @param configSince null where that is not known
 * @param refused the first problem of a configuration that was read later and is not in force; null if there is none
 */
public record BalancerState(
        String version,
        String state,
        Instant startedAt,
        long clients,
        long upstreams,
        long configVersion,
        @Nullable Instant configSince,
        @Nullable String refused) {}
