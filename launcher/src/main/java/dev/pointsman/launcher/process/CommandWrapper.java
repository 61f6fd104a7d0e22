package dev.pointsman.launcher.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs that are put before a command. Both are of util-linux and replace themselves with the command, so that no
 * process stands between it and this one:
 *
 * <ul>
 *   <li>{@code setsid}: a session of its own. A terminal's Ctrl-C reaches only the launcher, and what the command forks is
 *       known by the session
 *   <li>{@code setpriv --pdeathsig TERM}: Linux sends it SIGTERM when the thread that started it is gone, so also when the
 *       launcher is ended by a SIGKILL (prctl(2), PR_SET_PDEATHSIG)
 * </ul>
 *
 * <p>It goes without them too, only less thoroughly.
 */
final class CommandWrapper {
    private static final Logger LOG = LoggerFactory.getLogger(CommandWrapper.class);
    private static final int PROBE_SECONDS = 5;

    private final List<String> prefix;

    private CommandWrapper(List<String> prefix) {
        this.prefix = List.copyOf(prefix);
    }

    /** The wrapper of this machine. Blocks for some milliseconds: each program is tried on a command that does nothing. */
    static CommandWrapper ofThisMachine() {
        List<String> prefix = new ArrayList<>();
        List<String> dies = List.of("setpriv", "--pdeathsig", "TERM");
        List<String> session = List.of("setsid");
        if (works(dies)) {
            prefix.addAll(dies);
        } else {
            LOG.info(
                    "There is no setpriv with --pdeathsig here: should this launcher be killed with SIGKILL, its instances"
                            + " go on until the next start ends them.");
        }
        if (works(session)) {
            prefix.addAll(session);
        } else {
            LOG.warn("There is no setsid here: instances share this terminal's session, so that Ctrl-C reaches them at"
                    + " the same time as the launcher, which then cannot drain them.");
        }
        return new CommandWrapper(prefix);
    }

    static CommandWrapper none() {
        return new CommandWrapper(List.of());
    }

    List<String> around(List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }

    private static boolean works(List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean over = process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            return over && process.exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
