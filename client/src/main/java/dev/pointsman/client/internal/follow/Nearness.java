package dev.pointsman.client.internal.follow;

import dev.pointsman.client.Locality;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The nearness of instances to a client: 0 for those of its own zone, 1 for the others of its datacenter, 2 for those of the
 * first further datacenter, and so on.
 */
record Nearness(Locality locality) implements ToIntFunction<Upstream> {
    @Override
    public int applyAsInt(Upstream upstream) {
        Instance instance = upstream.instance();
        String datacenter = DatacenterViews.datacenter(instance);
        if (datacenter != null) {
            return 2 + locality.datacenters().indexOf(datacenter);
        }
        return isOwnZone(locality.zone(), instance) ? 0 : 1;
    }

    private static boolean isOwnZone(@Nullable String zone, Instance instance) {
        return zone == null || zone.equals(instance.meta().get(Locality.ZONE_META));
    }

    /** Whether instances differ in nearness at all. */
    boolean matters() {
        return locality.zone() != null || !locality.datacenters().isEmpty();
    }
}
