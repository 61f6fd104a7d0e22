package dev.pointsman.cli.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether what the balancer writes can be written, and has room. Source: docs/access-log.md (lines are lost when the disk is full) and
 * docs/registry-trouble.md (without its folder there is no view file when it is needed). Nothing is written to find out.
 */
final class FoldersCheckup implements Checkup {
    private static final long LITTLE = 200L << 20;
    private static final long NEARLY_NOTHING = 20L << 20;
    private static final double LITTLE_SHARE = 0.05;

    private final Map<String, Path> files;
    private final DiskLook disk;

    /** How much room a disk has. */
    record DiskRoom(String name, long usable, long total) {}

    /** A look at the disk that a folder is on. */
    @FunctionalInterface
    interface DiskLook {
        /** The room of the disk that this folder is on. */
        DiskRoom of(Path folder) throws IOException;
    }

    /** @param files what is written, by the settings' keys */
    FoldersCheckup(Map<String, Path> files, DiskLook disk) {
        this.files = new TreeMap<>(files);
        this.disk = disk;
    }

    static DiskRoom real(Path folder) throws IOException {
        FileStore store = Files.getFileStore(folder);
        return new DiskRoom(store.toString(), store.getUsableSpace(), store.getTotalSpace());
    }

    @Override
    public List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        Map<String, Finding> disks = new HashMap<>();
        files.forEach((key, file) -> {
            Path absolute = file.toAbsolutePath();
            Path folder = absolute.getParent() == null ? absolute : absolute.getParent();
            String trouble = trouble(absolute, folder);
            String where = key + ": " + file;
            found.add(
                    trouble == null
                            ? Finding.ok(DoctorCheck.FOLDERS, where, "can be written by this user")
                            : Finding.error(
                                    DoctorCheck.FOLDERS,
                                    where,
                                    trouble,
                                    "it is missing when it is needed, or the balancer does not start",
                                    "make the folder and give it to the balancer's user: install -d -o USER "
                                            + folder));
            if (Files.isDirectory(folder)) {
                Finding room = room(folder);
                if (room != null) {
                    disks.putIfAbsent(room.where(), room);
                }
            }
        });
        found.addAll(new TreeMap<>(disks).values());
        return found;
    }

    private static @Nullable String trouble(Path file, Path folder) {
        if (!Files.isDirectory(folder)) {
            return "there is no folder " + folder;
        }
        if (Files.isDirectory(file)) {
            return "is a folder, not a file";
        }
        if (Files.exists(file) && !Files.isWritable(file)) {
            return "this user may not write it";
        }
        return Files.isWritable(folder) || Files.exists(file) ? null : "this user may not write in " + folder;
    }

    private @Nullable Finding room(Path folder) {
        try {
            DiskRoom room = disk.of(folder);
            String what = (room.usable() >> 20) + " MB of " + (room.total() >> 20) + " MB are free";
            if (room.total() <= 0 || (room.usable() >= LITTLE && room.usable() >= LITTLE_SHARE * room.total())) {
                return Finding.ok(DoctorCheck.DISK, room.name(), what);
            }
            String why = "log lines are lost and files for the next start are not written when it is full";
            String todo = "make room, or rotate logs sooner";
            return room.usable() < NEARLY_NOTHING
                    ? Finding.error(DoctorCheck.DISK, room.name(), what, why, todo)
                    : Finding.warning(DoctorCheck.DISK, room.name(), what, why, todo);
        } catch (IOException unknown) {
            return Finding.note(
                    DoctorCheck.DISK,
                    folder.toString(),
                    "does not say how much is free: " + unknown.getMessage(),
                    "log lines are lost when it is full",
                    "look at it by df");
        }
    }
}
