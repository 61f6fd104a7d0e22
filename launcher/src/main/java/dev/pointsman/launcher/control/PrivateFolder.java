package dev.pointsman.launcher.control;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The folder of the control sockets: what systemd gives to the service ({@code $RUNTIME_DIRECTORY}), else
 * {@code $XDG_RUNTIME_DIR/pointsman}, else {@code /tmp/pointsman-UID}. A user who may write
 * to it could stop the services, and every user may make folders in /tmp: so it is made with mode 0700, and a folder
 * that is there is used only if it is a folder, no link to one, the user's own, and closed to all others.
 */
public final class PrivateFolder {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private PrivateFolder() {}

    /**
     * The path of the folder, by the environment; nothing is made yet.
     *
     * @param uid the user's number
     */
    public static Path of(Map<String, String> environment, long uid) {
        String ofService = environment.getOrDefault("RUNTIME_DIRECTORY", "").split(":", -1)[0];
        if (ofService.startsWith("/") && Files.isDirectory(Path.of(ofService))) {
            return Path.of(ofService);
        }
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        return runtime.startsWith("/") && Files.isDirectory(Path.of(runtime))
                ? Path.of(runtime, "pointsman")
                : Path.of("/tmp", "pointsman-" + uid);
    }

    /** The number of the user that this process runs as. */
    public static long ownUid() throws ControlException {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("Uid:"))
                    .map(line -> line.split("\\s+", -1)[2])
                    .map(Long::valueOf)
                    .findFirst()
                    .orElseThrow(() -> new IOException("there is no line Uid: in it"));
        } catch (IOException | RuntimeException unreadable) {
            throw new ControlException("/proc/self/status does not say which user this is: " + unreadable.getMessage());
        }
    }

    /**
     * Makes the folder, or checks the existing one.
     *
     * @throws ControlException if it is not to be trusted, or cannot be made
     */
    public static void open(Path folder, long uid) throws ControlException {
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException there) {
            // checked below
        } catch (IOException failed) {
            throw new ControlException(folder + " cannot be made: " + failed.getMessage());
        }
        check(folder, uid);
    }

    /** Checks a folder that is there. */
    public static void check(Path folder, long uid) throws ControlException {
        try {
            Map<String, Object> attributes =
                    Files.readAttributes(folder, "unix:isDirectory,uid,permissions", LinkOption.NOFOLLOW_LINKS);
            if (!Boolean.TRUE.equals(attributes.get("isDirectory"))) {
                throw refused(folder, "is not a folder");
            }
            if (!(attributes.get("uid") instanceof Number owner) || owner.longValue() != uid) {
                throw refused(folder, "belongs to user " + attributes.get("uid") + ", not to " + uid);
            }
            EnumSet<PosixFilePermission> others = EnumSet.allOf(PosixFilePermission.class);
            others.removeAll(OWNER_ONLY);
            others.retainAll((Set<?>) attributes.get("permissions"));
            if (!others.isEmpty()) {
                throw refused(folder, "is open to others");
            }
        } catch (IOException unreadable) {
            throw new ControlException(folder + " cannot be checked: " + unreadable.getMessage());
        }
    }

    private static ControlException refused(Path folder, String why) {
        return new ControlException(folder + " " + why
                + " (expected: a folder of mode 0700 that is yours; remove it, or set XDG_RUNTIME_DIR to another)");
    }
}
