package dev.pointsman.balancer.overview;

import dev.pointsman.balancer.admin.StateView.Followed;
import dev.pointsman.balancer.traffic.ConnectionTraffic;
import dev.pointsman.balancer.traffic.Traffic;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.Upstream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A service at one moment. Immutable.
 *
 * @param routes the routes to it
 * @param tcp its connections; null if no TCP route leads to it
 * @param trouble what is wrong with it, if anything is
 */
record ServiceState(
        Followed followed,
        PoolSnapshot pool,
        List<LeadingRoute> routes,
        Traffic traffic,
        @Nullable ConnectionTraffic tcp,
        ServiceTrouble trouble) {
    /**
     * What is in trouble first, then by the rate, then by name. Trouble of the registry, which all have at a time, does not hide which
     * have some of their own.
     */
    static final Comparator<ServiceState> ORDER = Comparator.comparing(
                    (ServiceState state) -> state.trouble().rank())
            .thenComparing(state -> -state.knownRate())
            .thenComparing(ServiceState::name);

    /** Of requests and connections. */
    private double knownRate() {
        return orNone(traffic.rate()) + (tcp == null ? 0 : orNone(tcp.rate()));
    }

    private static double orNone(double rate) {
        return Double.isNaN(rate) ? 0 : rate;
    }

    String name() {
        return pool.target();
    }

    boolean inTrouble() {
        return trouble.isAny();
    }

    boolean matches(OverviewQuery query) {
        return (!query.onlyTrouble() || inTrouble()) && contains(query.text());
    }

    private boolean contains(String text) {
        if (text.isEmpty() || has(name(), text)) {
            return true;
        }
        for (LeadingRoute route : routes) {
            if (has(route.name(), text)) {
                return true;
            }
        }
        for (Upstream upstream : pool.upstreams()) {
            if (has(upstream.name(), text) || has(upstream.instance().authority(), text)) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(String whole, String text) {
        return whole.toLowerCase(Locale.ROOT).contains(text);
    }
}
