package dev.pointsman.balancer.claim;

import java.time.Instant;
import java.util.List;

/**
 * A route that several services announce: their instances share its requests. Immutable.
 *
 * @param key the route's host and path
 * @param claimants the services, the earliest first
 */
public record ClaimConflict(String key, List<Claimant> claimants) {
    /**
     * A service that announces a route.
     *
     * @param service its name
     * @param since when this process saw it do so first, without an interruption
     * @param instances how many of its instances announce it
     */
    public record Claimant(String service, Instant since, int instances) {
        @Override
        public String toString() {
            return service + " (" + instances + (instances == 1 ? " instance" : " instances") + ", since " + since
                    + ")";
        }
    }

    public ClaimConflict {
        claimants = List.copyOf(claimants);
    }

    /** One sentence. */
    @Override
    public String toString() {
        return key + " is announced by " + claimants.size() + " services: "
                + String.join(", ", claimants.stream().map(Claimant::toString).toList());
    }
}
