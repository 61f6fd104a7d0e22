package dev.pointsman.launcher.process;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Signals by their numbers on Linux: signal(7), x86 and ARM. */
public enum ProcessSignal {
    HUP(1),
    INT(2),
    QUIT(3),
    KILL(9),
    USR1(10),
    USR2(12),
    TERM(15),
    CONT(18),
    STOP(19),
    TSTP(20),
    WINCH(28);

    private final int number;

    ProcessSignal(int number) {
        this.number = number;
    }

    /** The signal of a name, with or without {@code SIG}, or of a number; empty for any other. */
    public static Optional<ProcessSignal> of(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        String bare = name.startsWith("SIG") ? name.substring(3) : name;
        return Arrays.stream(values())
                .filter(signal -> signal.name().equals(bare)
                        || Integer.toString(signal.number).equals(text))
                .findFirst();
    }

    int number() {
        return number;
    }
}
