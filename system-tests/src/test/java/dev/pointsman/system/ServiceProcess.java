package dev.pointsman.system;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code pointsman service} in a process of its own. */
final class ServiceProcess {
    private static final Pattern SERVES =
            Pattern.compile("serves on http://[^ ]*:(\\d+), (?:registered|not registered yet) as ([^ :]+)");

    private final Program program;

    ServiceProcess(Program program) {
        this.program = program;
    }

    /** Waits until it serves, registered or not. */
    ServiceProcess awaitServing() {
        serving();
        return this;
    }

    private Matcher serving() {
        return program.awaitOutput("where it serves", SERVES);
    }

    Program program() {
        return program;
    }

    long pid() {
        return program.pid();
    }

    int port() {
        return Integer.parseInt(serving().group(1));
    }

    /** What it is registered as. */
    String id() {
        return serving().group(2);
    }

    void signal(String signal) {
        program.signal(signal);
    }

    int awaitExit() {
        return program.awaitExit();
    }

    @Override
    public String toString() {
        return program.name();
    }
}
