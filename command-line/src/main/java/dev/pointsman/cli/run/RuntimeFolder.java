package dev.pointsman.cli.run;

import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.PrivateFolder;
import java.nio.file.Path;
import java.util.Map;

/**
 * The user's private folder, in which launchers have their sockets and what is to be found again after a kill.
 *
 * @param uid the user, to whom it must belong
 */
public record RuntimeFolder(Path path, long uid) {
    /** The folder that the environment names; it need not exist yet, see {@link #open}. */
    public static RuntimeFolder of(Map<String, String> environment) throws ControlException {
        long uid = PrivateFolder.ownUid();
        return new RuntimeFolder(PrivateFolder.of(environment, uid), uid);
    }

    /** Makes the folder where it is missing; refuses a folder that other users could write to. */
    public void open() throws ControlException {
        PrivateFolder.open(path, uid);
    }
}
