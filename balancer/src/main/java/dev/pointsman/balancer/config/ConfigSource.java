package dev.pointsman.balancer.config;

import dev.pointsman.balancer.config.ConfigReading.ConfigPlaces;
import dev.pointsman.settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The source of a balancer's configuration: the flags, the environment, and the file where there is one, which is read anew
 * each time. The start, {@code pointsman check} and every reload read by it, so that they cannot disagree. Thread-safe;
 * reading blocks on the disk.
 */
public final class ConfigSource {
    private final @Nullable Path file;
    private final List<Setting> flags;
    private final Map<String, String> environment;

    /**
     * A source.
     *
     * @param file null for flags alone
     * @param flags overrule the file each time it is read
     * @param environment Consul's own variables count where nothing else says otherwise; values of the file may name any
     */
    public ConfigSource(@Nullable Path file, Collection<Setting> flags, Map<String, String> environment) {
        this.file = file;
        this.flags = List.copyOf(flags);
        this.environment = Map.copyOf(environment);
    }

    /** The file, or null for a configuration by flags alone. */
    public @Nullable Path file() {
        return file;
    }

    /** Reads the configuration as it is now. */
    public ConfigReading read() {
        List<String> problems = new ArrayList<>();
        List<Setting> settings = new ArrayList<>();
        ConfigPlaces places = ConfigPlaces.NONE;
        if (file != null) {
            ConfigFile read = ConfigFile.read(file, environment, problems);
            settings.addAll(read.settings());
            places = new ConfigPlaces(read.files(), read.patterns(), read.routes(), read.digest());
        }
        settings.addAll(flags);
        // Before they are used: what changes in between is noticed.
        ConfigPlaces all = places.naming(UpstreamTlsReader.files(settings));
        return read(all, settings, problems, DocumentTrust.OPERATOR);
    }

    /**
     * Reads a configuration that is at hand as text, as if it stood in the file. Routes that are given by flags do not count
     * then; and where it holds nothing but routes, all else is as it is given now.
     *
     * @param name of the file, for the problems
     * @param content must include no other file: which ones are there is known where it was written
     * @param from what it may make this process look at
     */
    public ConfigReading read(Path name, byte[] content, DocumentTrust from) {
        List<String> problems = new ArrayList<>();
        ConfigFile document =
                ConfigFile.read(name, content, from == DocumentTrust.ANYBODY ? null : environment, problems);
        List<Setting> posted = document.settings();
        List<Setting> settings = new ArrayList<>();
        if (file != null && posted.stream().allMatch(ConfigSource::isRoute)) {
            // What is wrong with the file now is not what was asked.
            ConfigFile.read(file, environment, new ArrayList<>()).settings().stream()
                    .filter(setting -> !isRoute(setting))
                    .forEach(settings::add);
        }
        settings.addAll(posted);
        flags.stream().filter(flag -> !isRoute(flag)).forEach(settings::add);
        return read(new ConfigPlaces(List.of(), List.of(), document.routes(), ""), settings, problems, from);
    }

    private static boolean isRoute(Setting setting) {
        return setting.key().equals(BalancerSettings.ROUTE.key());
    }

    /**
     * The configuration that settings of this source mean when some of them are exchanged.
     *
     * @param places where they were read
     * @param settings the less important first
     */
    public ConfigReading read(ConfigPlaces places, List<Setting> settings) {
        return read(places, settings, List.of(), DocumentTrust.OPERATOR);
    }

    private ConfigReading read(ConfigPlaces places, List<Setting> settings, List<String> before, DocumentTrust from) {
        try {
            return new ReadConfig(
                    places, settings, ConfigReader.read(settings, before, environment, places.routes(), from));
        } catch (ConfigException wrong) {
            return new RefusedConfig(places, wrong.problems());
        }
    }

    /**
     * Reads what can be used of the configuration: without each setting, or route, that something is wrong with. To look at
     * everything else, not to run with; refused where even so nothing is left that can be used.
     */
    public ConfigReading readUsable() {
        List<Setting> settings = new ArrayList<>();
        ConfigPlaces places = ConfigPlaces.NONE;
        if (file != null) {
            ConfigFile read = ConfigFile.read(file, environment, new ArrayList<>());
            settings.addAll(read.settings());
            places = new ConfigPlaces(read.files(), read.patterns(), read.routes(), read.digest());
        }
        settings.addAll(flags);
        ConfigReading reading = read(places, settings);
        // What hangs together may be wrong only once something else is gone.
        while (reading instanceof RefusedConfig refused
                && settings.removeIf(setting -> isNamed(setting, refused.problems()))) {
            reading = read(places, settings);
        }
        return reading;
    }

    private static boolean isNamed(Setting setting, List<String> problems) {
        return problems.stream().anyMatch(problem -> problem.startsWith(setting.source()))
                || setting.parts().stream().anyMatch(part -> isNamed(part, problems));
    }

    /** Reads the configuration as it is now, where nothing can go on without one. */
    public ReadConfig readOrThrow() throws ConfigException {
        ConfigReading reading = read();
        if (reading instanceof RefusedConfig refused) {
            throw refused.exception();
        }
        return (ReadConfig) reading;
    }
}
