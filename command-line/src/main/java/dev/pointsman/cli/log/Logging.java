package dev.pointsman.cli.log;

import dev.pointsman.balancer.config.LogFormat;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The log of this process: one line an event, to standard error. The level comes from {@code POINTSMAN_LOG} (off, error, warn, info, debug, trace; if it is not set,
 * info, and warn for a demo, which says itself what is well), the form from the balancer's setting {@code log-format}, else from
 * {@code POINTSMAN_LOG_FORMAT} (text or json; text).
 */
public final class Logging {
    /** The variable with the level. */
    public static final String VARIABLE = "POINTSMAN_LOG";

    /** The variable with the form. */
    public static final String FORMAT_VARIABLE = "POINTSMAN_LOG_FORMAT";

    private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug", "trace", "off");
    private static final String FLAG = "--log-format";

    /** The commands that log for as long as they run: their standard error is the log, and nothing else. */
    private static final Set<String> LOGGING = Set.of("balancer", "run", "service", "registry", "register", "demo");

    private static volatile LogFormat usual = LogFormat.TEXT;

    private Logging() {}

    /**
     * Has the log begin, and everything that is printed to standard error go through it; to be called before the first logger
     * is made. The form is known from here on, so that there is no line in another one: a flag counts before it is read with
     * all the others.
     *
     * @param arguments of the process, the command first
     * @return where a command says what is wrong
     */
    public static PrintWriter begin(Map<String, String> environment, String[] arguments) {
        String command = arguments.length == 0 ? "" : arguments[0];
        System.setErr(new LogStream(System.err));
        OutputStream raw = new FileOutputStream(FileDescriptor.err);
        OutputStream lines =
                LOGGING.contains(command) ? new ErrorLines(new PrintStream(raw, false, StandardCharsets.UTF_8)) : raw;
        // A writer of UTF-8 whatever the locale is: containers have none.
        PrintWriter err = new PrintWriter(lines, false, StandardCharsets.UTF_8);
        // A balancer that is given no sensible form says so with all else that is wrong with its flags.
        LogFormat flag = command.equals("balancer") ? format(flag(arguments)) : null;
        String variable = environment.getOrDefault(FORMAT_VARIABLE, "").strip();
        LogFormat given = format(variable);
        usual = given == null ? LogFormat.TEXT : given;
        LogOutput.use(flag == null ? usual : flag);
        if (given == null && !variable.isEmpty()) {
            warn(err, FORMAT_VARIABLE + ": \"" + variable + "\" (expected: text or json); going on with text");
        }
        LogLevel.use(LogLevel.named(level(environment, command, err)));
        System.setProperty("slf4j.provider", LogProvider.class.getName());
        if (System.getProperty("slf4j.internal.verbosity") == null) {
            // SLF4J says on standard error which provider it was told to take.
            System.setProperty("slf4j.internal.verbosity", "WARN");
        }
        Thread.setDefaultUncaughtExceptionHandler(Logging::uncaught);
        return err;
    }

    /** Has the log take the form that the configuration says; null for that of the variable. */
    public static void use(@Nullable LogFormat configured) {
        LogOutput.use(configured == null ? usual : configured);
    }

    /** Whether the log is JSON, so that what a program says of itself belongs there too. */
    public static boolean isJson() {
        return LogOutput.isJson();
    }

    private static String level(Map<String, String> environment, String command, PrintWriter err) {
        String otherwise = command.equals("demo") ? "warn" : "info";
        String given = environment.getOrDefault(VARIABLE, "").strip().toLowerCase(Locale.ROOT);
        if (given.isEmpty()) {
            return otherwise;
        }
        if (!LEVELS.contains(given)) {
            warn(
                    err,
                    VARIABLE + ": \"" + given + "\" (expected: trace, debug, info, warn, error or off); going on with "
                            + otherwise);
            return otherwise;
        }
        return given;
    }

    private static void warn(PrintWriter err, String sentence) {
        err.println(sentence);
        err.flush();
    }

    private static String flag(String[] arguments) {
        String value = "";
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith(FLAG + "=")) {
                value = arguments[i].substring(FLAG.length() + 1);
            } else if (arguments[i].equals(FLAG) && i + 1 < arguments.length) {
                value = arguments[i + 1];
            }
        }
        return value;
    }

    private static @Nullable LogFormat format(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "text" -> LogFormat.TEXT;
            case "json" -> LogFormat.JSON;
            default -> null;
        };
    }

    /** As the JVM does it, which knows text alone. */
    private static void uncaught(Thread thread, Throwable exception) {
        if (LogOutput.isJson()) {
            LogOutput.json(System.err, "ERROR", thread.getName(), "the thread ended by an exception", null, exception);
        } else {
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            exception.printStackTrace(System.err);
        }
    }
}
