package dev.pointsman.balancer.config;

import dev.pointsman.balancer.config.PoolReader.PoolReading;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What counts for routes that do not say otherwise themselves. It is read once, however many routes there are: most say nothing
 * about how instances are picked, and share what is read here. Immutable, thread-safe.
 */
public final class RouteDefaults {
    /** Nothing but the defaults of the settings. */
    public static final RouteDefaults NONE = new RouteDefaults(List.of(), true);

    private final List<Setting> picking;
    private final PoolReading shared;
    private final RouteOptions plain;
    private final Duration idle;
    private final boolean looksAtFiles;

    /**
     * The defaults of a configuration.
     *
     * @param forAll its settings; those that are not for routes do not matter
     * @param looksAtFiles whether files that routes name are looked at when the routes are read
     */
    public RouteDefaults(Collection<Setting> forAll, boolean looksAtFiles) {
        this.looksAtFiles = looksAtFiles;
        this.picking = forAll.stream()
                .filter(setting -> PickSettings.TABLE.byKey(setting.key()).isPresent()
                        || setting.key().equals(TransportSettings.UPSTREAM_SERVER_NAME.key()))
                .toList();
        this.shared = new PoolReader(new Settings(picking)).read();
        RouteOptions none = RouteOptions.DEFAULT;
        this.plain = new RouteOptions(
                none.host(),
                none.path(),
                none.response(),
                shared.attemptTimeout(),
                none.maxBody(),
                shared.settings(),
                none.filters());
        Settings others = new Settings(forAll.stream()
                .filter(setting -> setting.key().equals(BalancerSettings.IDLE_TIMEOUT.key()))
                .toList());
        this.idle = others.get(BalancerSettings.IDLE_TIMEOUT);
    }

    /** The options of a route without any of its own. */
    public RouteOptions plain() {
        return plain;
    }

    /** The time after which a silent connection is closed: no wait for a response can be longer. */
    Duration idle() {
        return idle;
    }

    /** Whether files that routes name are looked at when the routes are read; else they count as given. */
    boolean looksAtFiles() {
        return looksAtFiles;
    }

    /** How a route with these settings of its own picks. */
    PoolReading pool(Settings ofRoute) {
        if (ofRoute.all().stream().noneMatch(setting -> PoolReader.reads(setting.key()))) {
            return shared;
        }
        List<Setting> both = new ArrayList<>(picking);
        both.addAll(ofRoute.all());
        return new PoolReader(new Settings(both)).read();
    }
}
