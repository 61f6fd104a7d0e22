package dev.pointsman.balancer.live;

import dev.pointsman.settings.Setting;
import java.util.List;

/**
 * What a newly read configuration changes while the balancer runs. Immutable.
 *
 * @param changes what takes effect at once, a sentence each
 * @param atNextStart what cannot change while the balancer runs, a sentence each
 * @param isAsRead whether the settings to run with are those that were read, and mean what they meant there
 * @param settings those to run with: the new ones, with the running ones in place of those that cannot change
 */
public record ReloadPlan(List<String> changes, List<String> atNextStart, boolean isAsRead, List<Setting> settings) {
    public ReloadPlan {
        changes = List.copyOf(changes);
        atNextStart = List.copyOf(atNextStart);
        settings = List.copyOf(settings);
    }
}
