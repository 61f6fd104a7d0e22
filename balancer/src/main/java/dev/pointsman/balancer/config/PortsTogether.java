package dev.pointsman.balancer.config;

import dev.pointsman.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All addresses that the process is to listen on, whatever they are for: two that exclude each other are a problem that names both
 * settings, and not one for the start to find. Not thread-safe.
 */
final class PortsTogether {
    private final Settings settings;
    private final List<NamedPort> ports = new ArrayList<>();

    /** @param source the place of the setting; null where it is a default */
    private record NamedPort(
            ListenAddress address, @Nullable String source, String key) {
        String place() {
            return source == null ? key + " by default" : source;
        }
    }

    /** @param settings takes the problems */
    PortsTogether(Settings settings) {
        this.settings = settings;
    }

    /**
     * Adds an address.
     *
     * @param source the place of the setting that says so; null where it is a default
     * @param key of the setting
     * @return whether it can be listened on beside the others
     */
    boolean add(ListenAddress address, @Nullable String source, String key) {
        NamedPort added = new NamedPort(address, source, key);
        for (NamedPort other : ports) {
            if (other.address().overlaps(address)) {
                boolean later = source != null;
                refuse(later ? added : other, later ? other : added);
                return false;
            }
        }
        ports.add(added);
        return true;
    }

    private void refuse(NamedPort one, NamedPort other) {
        settings.problem(one.place() + ": \"" + one.address() + "\" (expected: another port than "
                + other.address().port() + ", which " + other.place() + " has at " + other.address() + ")");
    }
}
