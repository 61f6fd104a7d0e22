package dev.pointsman.launcher.run;

import dev.pointsman.launcher.api.InstanceCounts;

/** The counters behind {@link InstanceCounts}, of one type. Confined to the launcher's loop. */
public final class InstanceCounters {
    long starts;
    long restarts;
    long failedStarts;
    long exits;
    long stops;
    long kills;
    long portsLost;
    long reloads;

    InstanceCounts counts() {
        return new InstanceCounts(starts, restarts, failedStarts, exits, stops, kills, portsLost, reloads);
    }
}
