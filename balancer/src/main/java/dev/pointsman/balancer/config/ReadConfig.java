package dev.pointsman.balancer.config;

import dev.pointsman.settings.Option;
import dev.pointsman.settings.Setting;
import java.util.Comparator;
import java.util.List;

/**
 * A configuration that can be used, with the settings that it was read from. Immutable.
 *
 * @param places where it was read
 * @param settings as they were given, the less important first
 * @param config what they mean
 */
public record ReadConfig(ConfigPlaces places, List<Setting> settings, BalancerConfig config) implements ConfigReading {
    private static final int SHOWN = 12;

    public ReadConfig {
        settings = List.copyOf(settings);
    }

    /**
     * A digest of all that was given, without regard to where it stands: a comment, or a move to another file, changes
     * nothing.
     */
    public String digest() {
        return digest(true);
    }

    /** A short digest to compare balancers by, from which no secret can be guessed: none is in it. */
    public String publicDigest() {
        return digest(false).substring(0, SHOWN);
    }

    private String digest(boolean withSecrets) {
        ContentDigest digest = new ContentDigest();
        // The order of values of the same key counts, that of keys does not.
        settings.stream()
                .sorted(Comparator.comparing(Setting::key).thenComparing(ReadConfig::name))
                .forEach(setting -> add(digest, setting, withSecrets));
        ExplainSecret secret = config.explainSecret();
        if (withSecrets && secret != null) {
            // It may stand in a file of its own, whose name stays the same.
            digest.add(secret.text());
        }
        if (withSecrets) {
            places.named().forEach(file -> digest.add(file.digest()));
        }
        return digest.text();
    }

    private static void add(ContentDigest digest, Setting setting, boolean withSecrets) {
        digest.add(setting.key());
        digest.add(name(setting));
        digest.add(withSecrets || !isSecret(setting.key()) ? setting.value() : "");
        setting.parts().forEach(part -> add(digest, part, withSecrets));
        digest.add("");
    }

    private static String name(Setting setting) {
        String name = setting.name();
        return name == null ? "" : name;
    }

    /** Whether the value of a setting is to be shown to nobody. */
    static boolean isSecret(String key) {
        return BalancerSettings.TABLE.byKey(key).map(Option::secret).orElse(false)
                || RouteSettings.TABLE.byKey(key).map(Option::secret).orElse(false);
    }
}
