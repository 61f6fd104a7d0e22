package dev.pointsman.balancer.live;

import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.settings.Setting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in force, and the one that was refused where the last that was read was not usable. Immutable.
 *
 * @param version 1 for the one that the balancer started with, one more for each that came into force
 * @param since when it came into force
 * @param cause what made it be read: {@code start}, {@code SIGHUP}, a file
 * @param running with the settings in force, which those of the file need not be
 * @param changes what this version changed, a sentence each
 * @param atNextStart what the file says and cannot change while the balancer runs, a sentence each
 * @param refused null if the last that was read is in force
 */
public record ConfigState(
        long version,
        Instant since,
        String cause,
        ReadConfig running,
        List<String> changes,
        List<String> atNextStart,
        @Nullable RefusedState refused) {
    /**
     * A configuration that was read and did not come into force.
     *
     * @param since when it was first refused for these reasons
     * @param cause what made it be read
     * @param problems everything that is wrong with it, a sentence each
     */
    public record RefusedState(Instant since, String cause, List<String> problems) {
        public RefusedState {
            problems = List.copyOf(problems);
        }

        private JsonObject json() {
            return new JsonObject()
                    .put("since", since.toString())
                    .put("cause", cause)
                    .put("problems", new JsonArray(problems));
        }
    }

    public ConfigState {
        changes = List.copyOf(changes);
        atNextStart = List.copyOf(atNextStart);
    }

    /** The state of a balancer that has just started. */
    static ConfigState first(ReadConfig running, Instant now) {
        return new ConfigState(1, now, "start", running, List.of(), List.of(), null);
    }

    /** The same one in force, without or with another one that was refused. */
    ConfigState refusing(@Nullable RefusedState other) {
        return new ConfigState(version, since, cause, running, changes, atNextStart, other);
    }

    /** As the admin API shows it, without the values of secrets. */
    public JsonObject json() {
        List<Setting> settings = SettingsInForce.of(running.settings());
        return withoutSettings().put("settings", SettingsJson.of(settings)).put("lines", SettingsJson.lines(settings));
    }

    /** As the admin API shows it, but for the settings, which are many where there are many routes. */
    public JsonObject withoutSettings() {
        JsonObject json = new JsonObject()
                .put("version", version)
                .put("since", since.toString())
                .put("cause", cause)
                .put("digest", running.publicDigest())
                .put(
                        "files",
                        new JsonArray(running.places().files().stream()
                                .map(Object::toString)
                                .toList()))
                .put("changes", new JsonArray(changes))
                .put("atNextStart", new JsonArray(atNextStart));
        RefusedState other = refused;
        return other == null ? json : json.put("refused", other.json());
    }
}
