package dev.pointsman.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a client is, so that it sends its requests to the nearest instances: first to those of its own zone ({@code zone} in an
 * instance's metadata), then to the others of its own datacenter, then to those of further datacenters in their order.
 *
 * <p>A request goes to the nearest of these groups that has an instance which is ready, was not tried by this request, and
 * takes it without having more than {@code spillOver} requests of this client in flight for each of the group's instances. Where
 * every group has as many, it goes to the nearest one all the same.
 *
 * @param zone the zone that the client is in; null if it is in none, so that all instances of a datacenter are equally near
 * @param datacenters further datacenters, the nearest first; none by default: instances of the registry's own alone
 * @param spillOver requests in flight for each instance, 1 or more; 16 by default
 */
public record Locality(@Nullable String zone, List<String> datacenters, int spillOver) {
    /** The environment variable with the zone that a process is in. */
    public static final String ZONE_VARIABLE = "POINTSMAN_ZONE";

    /** The key of an instance's metadata that says which zone it is in. */
    public static final String ZONE_META = "zone";

    private static final int SPILL_OVER = 16;

    /** In no zone, with no other datacenter. */
    public static final Locality NONE = new Locality(null, List.of(), SPILL_OVER);

    public Locality {
        if (zone != null && zone.isBlank()) {
            throw new IllegalArgumentException("zone: '" + zone + "' (expected: a name, as instances have it in their"
                    + " metadata under " + ZONE_META + ")");
        }
        datacenters = List.copyOf(datacenters);
        for (String datacenter : datacenters) {
            if (!datacenter.matches("[A-Za-z0-9_-]+")) {
                throw new IllegalArgumentException(
                        "datacenter: '" + datacenter + "' (expected: letters, digits, dashes and underscores)");
            }
        }
        if (datacenters.stream().distinct().count() < datacenters.size()) {
            throw new IllegalArgumentException("datacenters: " + datacenters + " (expected: each of them once)");
        }
        if (spillOver < 1) {
            throw new IllegalArgumentException("spill over: " + spillOver + " (expected: 1 or more)");
        }
    }

    /** The locality that an environment names: the zone by {@value #ZONE_VARIABLE}, if it is set and not blank. */
    public static Locality from(Map<String, String> environment) {
        String zone = environment.getOrDefault(ZONE_VARIABLE, "").strip();
        return zone.isEmpty() ? NONE : NONE.withZone(zone);
    }

    /** See {@link #zone()}. */
    public Locality withZone(@Nullable String own) {
        return new Locality(own, datacenters, spillOver);
    }

    /** See {@link #datacenters()}. */
    public Locality withDatacenters(List<String> further) {
        return new Locality(zone, further, spillOver);
    }

    /** See {@link #spillOver()}. */
    public Locality withSpillOver(int inFlight) {
        return new Locality(zone, datacenters, inFlight);
    }
}
