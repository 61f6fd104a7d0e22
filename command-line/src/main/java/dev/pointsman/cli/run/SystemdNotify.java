package dev.pointsman.cli.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notification of systemd about the launcher's state, where systemd waits for it (sd_notify(3)). By the program
 * systemd-notify, which comes with systemd: NOTIFY_SOCKET is a datagram socket, and Java has none in the Unix domain.
 */
final class SystemdNotify {
    private static final Logger log = LoggerFactory.getLogger(SystemdNotify.class);

    static final String PROGRAM = "systemd-notify";

    private final String program;
    private final boolean wanted;

    /** @param program which to tell it by */
    SystemdNotify(Map<String, String> environment, String program) {
        this.program = program;
        this.wanted = !environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty();
    }

    boolean wanted() {
        return wanted;
    }

    /**
     * Notifies systemd that all instances are up.
     *
     * @param status a few words for {@code systemctl status}
     */
    void ready(String status) {
        tell("--ready", "--status=" + status);
    }

    void stopping() {
        tell("STOPPING=1", "--status=stopping");
    }

    private void tell(String... words) {
        if (!wanted) {
            return;
        }
        try {
            Process process = new ProcessBuilder(command(words)).inheritIO().start();
            CompletableFuture<?> unused = process.onExit().thenAccept(ended -> complain(ended.exitValue(), null));
        } catch (IOException missing) {
            complain(1, missing);
        }
    }

    private List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(program));
        // without it systemd takes the message for one of systemd-notify's own process
        command.add("--pid=" + ProcessHandle.current().pid());
        command.addAll(List.of(words));
        return command;
    }

    private void complain(int exitCode, @Nullable IOException cause) {
        if (exitCode != 0) {
            log.error(
                    "the launcher's state could not be sent to systemd, which may take it for a launcher that does not start"
                            + " (expected: systemd-notify on the PATH, and NotifyAccess=all in the unit): {}",
                    cause == null ? program + " ended with " + exitCode : cause.toString());
        }
    }
}
