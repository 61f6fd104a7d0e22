package dev.pointsman.cli.doctor;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the folder that JNA unpacks its library into lets it be loaded from there. Source: JNA's FAQ and many reports of "failed to map
 * segment from shared object" where that is mounted {@code noexec}: upgrades hand sockets over, and launchers reap orphans, by JNA.
 */
final class TempFolderCheckup implements Checkup {
    private final MachineFolders machine;
    private final @Nullable Path folder;

    /** @param folder where JNA unpacks its library; null where it has no need to */
    TempFolderCheckup(MachineFolders machine, @Nullable Path folder) {
        this.machine = machine;
        this.folder = folder == null ? null : folder.toAbsolutePath();
    }

    /**
     * The folder that JNA unpacks its library into, by the rules of its class Native on Linux; null where the library is installed.
     *
     * @param java the JVM's properties
     */
    static @Nullable Path unpackedIn(Properties java, Map<String, String> environment) {
        String installed = java.getProperty("jna.boot.library.path", "");
        if (Stream.of(installed.split(File.pathSeparator, -1))
                .anyMatch(each -> !each.isEmpty() && Files.exists(Path.of(each, "libjnidispatch.so")))) {
            return null;
        }
        String named = java.getProperty("jna.tmpdir");
        if (named != null) {
            return Path.of(named);
        }
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "").strip();
        Path home = cache.isEmpty() ? Path.of(java.getProperty("user.home", "/"), ".cache") : Path.of(cache);
        Path unpacked = home.resolve("JNA").resolve("temp");
        return canBeWritten(unpacked) ? unpacked : Path.of(java.getProperty("java.io.tmpdir", "/tmp"));
    }

    /** Whether this user may write there, or make the folder. */
    private static boolean canBeWritten(Path folder) {
        Path there = folder.toAbsolutePath();
        while (there.getParent() != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return Files.isDirectory(there) && Files.isWritable(there);
    }

    @Override
    public List<Finding> findings() {
        Path unpacked = folder;
        if (unpacked == null) {
            return List.of(
                    Finding.ok(DoctorCheck.TEMP_FOLDER, "JNA's library", "is installed, and need not be unpacked"));
        }
        String where = unpacked.toString();
        if (!canBeWritten(unpacked)) {
            return List.of(warning(where, "is no folder that this user may write in"));
        }
        return List.of(
                isNoexec(unpacked)
                        ? warning(where, "is mounted noexec")
                        : Finding.ok(DoctorCheck.TEMP_FOLDER, where, "lets libraries be loaded"));
    }

    private static Finding warning(String where, String what) {
        return Finding.warning(
                DoctorCheck.TEMP_FOLDER,
                where,
                what,
                "upgrades cannot hand sockets over, and a launcher cannot adopt what its instances leave behind",
                "set POINTSMAN_JAVA_OPTS=-Djna.tmpdir=FOLDER to one that is the balancer's own and not noexec");
    }

    private boolean isNoexec(Path unpacked) {
        String mounts = machine.text("self/mounts");
        @Nullable String options = null;
        int longest = -1;
        for (String line : mounts == null ? List.<String>of() : mounts.lines().toList()) {
            String[] words = line.split(" ", -1);
            // A later mount hides an earlier one of the same place.
            if (words.length > 3
                    && unpacked.startsWith(Path.of(words[1].replace("\\040", " ")))
                    && words[1].length() >= longest) {
                longest = words[1].length();
                options = words[3];
            }
        }
        return options != null && Arrays.asList(options.split(",", -1)).contains("noexec");
    }
}
