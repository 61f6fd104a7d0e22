package dev.pointsman.cli;

/**
 * The units that have systemd start at boot what was saved, and where they are.
 *
 * @param ofUser whether they are of the user's own systemd, else of the system's
 */
record BootUnits(boolean ofUser) {
    static final String PREFIX = "pointsman-saved-";

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    static String name(int index) {
        return PREFIX + (index + 1) + ".service";
    }

    /** The folder of the units, for a shell. */
    String folder() {
        return ofUser ? "~/.config/systemd/user" : "/etc/systemd/system";
    }

    /** The command that speaks with that systemd. */
    String systemctl() {
        return ofUser ? "systemctl --user" : "systemctl";
    }
}
