package dev.pointsman.launcher;

/** The counting behind {@link Counts}. Confined to the launcher's loop. */
final class Tally {
    long starts;
    long restarts;
    long failedStarts;
    long exits;
    long stops;
    long kills;
    long portsLost;
    long reloads;

    Counts counts() {
        return new Counts(starts, restarts, failedStarts, exits, stops, kills, portsLost, reloads);
    }
}
