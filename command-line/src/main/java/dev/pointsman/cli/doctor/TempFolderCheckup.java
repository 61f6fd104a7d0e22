package dev.pointsman.cli.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the folder for temporary files lets a library be loaded from it. Source: JNA's FAQ and many reports of "failed to map segment from
 * shared object" where {@code /tmp} is mounted {@code noexec}: upgrades hand sockets over, and launchers reap orphans, by JNA.
 */
final class TempFolderCheckup implements Checkup {
    private final MachineFolders machine;
    private final Path folder;

    /** @param folder where JNA unpacks its library */
    TempFolderCheckup(MachineFolders machine, Path folder) {
        this.machine = machine;
        this.folder = folder.toAbsolutePath();
    }

    @Override
    public List<Finding> findings() {
        String where = folder.toString();
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            return List.of(warning(where, "is no folder that this user may write in"));
        }
        return List.of(
                isNoexec()
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

    private boolean isNoexec() {
        String mounts = machine.text("self/mounts");
        @Nullable String options = null;
        int longest = -1;
        for (String line : mounts == null ? List.<String>of() : mounts.lines().toList()) {
            String[] words = line.split(" ", -1);
            // A later mount hides an earlier one of the same place.
            if (words.length > 3
                    && folder.startsWith(Path.of(words[1].replace("\\040", " ")))
                    && words[1].length() >= longest) {
                longest = words[1].length();
                options = words[3];
            }
        }
        return options != null && Arrays.asList(options.split(",", -1)).contains("noexec");
    }
}
