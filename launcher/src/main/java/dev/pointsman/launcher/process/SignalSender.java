package dev.pointsman.launcher.process;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends signals to processes: SIGTERM and SIGKILL by Java, the others by kill(2), for which Java has no call. Thread-safe. */
final class SignalSender {
    private static final Logger LOG = LoggerFactory.getLogger(SignalSender.class);

    private SignalSender() {}

    /** Sends a signal; false if the process has ended, or it cannot be sent. */
    static boolean send(ProcessHandle process, ProcessSignal signal) {
        // Java compares the time when the process began, so that a later one with the same id is safe.
        return switch (signal) {
            case TERM -> process.destroy();
            case KILL -> process.destroyForcibly();
            default -> process.isAlive() && kill(process.pid(), signal);
        };
    }

    private static boolean kill(long pid, ProcessSignal signal) {
        try {
            return Libc.LoadedLibc.get().kill((int) pid, signal.number()) == 0;
        } catch (LinkageError missing) {
            LOG.error("SIG{} cannot be sent on this machine: {}", signal, missing.getMessage());
            return false;
        }
    }
}
