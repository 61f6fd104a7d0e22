package dev.pointsman.balancer.config;

import java.io.IOException;
import java.nio.file.Files;
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
     * @param routes whether routes are written in any of them, be it that there are none: {@code route: {}}
     * @param digest of what the files held; empty if that is not known
     * @param named files that settings name, whose content counts as if it stood there
     */
    record ConfigPlaces(
            List<Path> files, List<IncludePattern> patterns, boolean routes, String digest, List<NamedFile> named) {
        /** No file. */
        public static final ConfigPlaces NONE = new ConfigPlaces(List.of(), List.of(), false, "");

        public ConfigPlaces {
            files = List.copyOf(files);
            patterns = List.copyOf(patterns);
            named = List.copyOf(named);
        }

        /** Places in which no setting names a file. */
        public ConfigPlaces(List<Path> files, List<IncludePattern> patterns, boolean routes, String digest) {
            this(files, patterns, routes, digest, List.of());
        }

        /** The same, with what settings name. */
        ConfigPlaces naming(List<NamedFile> all) {
            return new ConfigPlaces(files, patterns, routes, digest, all);
        }

        /** Whether the files hold now what they held when they were read. Blocks on the disk. */
        public boolean areAsRead() {
            if (digest.isEmpty()
                    || !named.stream().allMatch(NamedFile::isAsRead)
                    || !patterns.stream().allMatch(pattern -> files.containsAll(pattern.files()))) {
                return false;
            }
            ContentDigest now = new ContentDigest();
            try {
                for (Path file : files) {
                    now.add(file, Files.readAllBytes(file));
                }
            } catch (IOException gone) {
                return false;
            }
            return now.text().equals(digest);
        }
    }
}
