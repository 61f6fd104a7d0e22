package dev.pointsman.balancer.config;

import java.nio.file.Path;
import java.util.List;

/** The result of reading a configuration: one that can be used, or what is wrong with it. */
public sealed interface ConfigReading permits ReadConfig, RefusedConfig {
    /** What was looked at for it, and what to look at for a change. */
    ConfigPlaces places();

    /**
     * The files of a configuration.
     *
     * @param files the file that was named and the included ones, in the order in which they were read, whether or not
     *     each is there; none for a configuration by flags alone
     * @param patterns the includes, which may match other files later
     */
    record ConfigPlaces(List<Path> files, List<IncludePattern> patterns) {
        /** No file. */
        public static final ConfigPlaces NONE = new ConfigPlaces(List.of(), List.of());

        public ConfigPlaces {
            files = List.copyOf(files);
            patterns = List.copyOf(patterns);
        }
    }
}
