package dev.pointsman.launcher.run;

import dev.pointsman.launcher.plan.ServicePlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The wording of exits, times, counts and failed starts in messages to the user. */
final class Messages {
    /** The signals that end programs, as signal(7) numbers them. */
    private static final Map<Integer, String> SIGNALS = Map.of(
            1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 9, "SIGKILL", 11, "SIGSEGV",
            13, "SIGPIPE", 15, "SIGTERM");

    private Messages() {}

    static String exit(int code) {
        String signal = SIGNALS.get(code - 128);
        return signal == null ? "exited with code " + code : "was ended by " + signal;
    }

    static String time(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    static String tooSlow(ServicePlan plan, int port, String why, List<Integer> listening) {
        String sentence = "was not up within " + time(plan.options().startTimeout());
        if (!listening.isEmpty() && !listening.contains(port)) {
            return sentence + ": it listens on " + listening + ", and not on its port " + port
                    + " (the variable PORT, or {port} in its arguments)";
        }
        if (listening.isEmpty()) {
            return sentence + ": " + (why.isEmpty() ? "" : why + ", and ")
                    + "it is not seen to listen anywhere (expected: on its port " + port
                    + ", the variable PORT, or {port} in its arguments)";
        }
        return sentence + (why.isEmpty() ? "" : ": " + why);
    }

    static String notReady(ServicePlan plan) {
        return "was not ready within " + time(plan.options().startTimeout())
                + ": it responds, but no line that it printed has \""
                + plan.process().readyLine()
                + "\" (wait-ready)";
    }

    static String count(int number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }
}
