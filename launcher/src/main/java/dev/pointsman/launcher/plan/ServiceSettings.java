package dev.pointsman.launcher.plan;

import dev.pointsman.launcher.plan.ProcessRules.StopSignal;
import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.OptionBuilder;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.Option.Shape;
import dev.pointsman.settings.OptionTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The table of the launcher's settings: flags of {@code run} and {@code register}, keys of a services file, help texts and the
 * table in docs/run.md are made from it.
 */
public final class ServiceSettings {
    /** The most instances of a type. */
    static final int MOST_INSTANCES = 1000;

    /** The value that stands for as many instances as there are cores. */
    static final int ALL_CORES = -1;

    private static final int MANY = 1_000_000;
    private static final int LARGEST_EXIT_CODE = 255;
    private static final InstanceOptions USUAL = InstanceOptions.DEFAULT;

    static final Option<String> COMMAND = many("command", "COMMAND...", Shape.LIST)
            .withoutFlag()
            .caveat("In a file a list, or one line that is split at blanks as a shell would, quotes and backslashes"
                    + " honored; in a line, `NAME=VALUE` before the program is an environment variable and `$PORT` the"
                    + " port")
            .means("the program and its arguments");

    static final Option<Integer> INSTANCES = each("instances", Form.number(0, MOST_INSTANCES, Map.of("max", ALL_CORES)))
            .label("N|max")
            .byDefault(1)
            .means("how many; max: one for each core");

    static final Option<String> HEALTH = each("health", Form.any(FormKind.TEXT, "PATH"))
            .otherwise("that its port takes a connection is enough")
            .example("/health")
            .means("the path that responds with 2xx when an instance is well");

    static final Option<String> ENV =
            many("env", "NAME=VALUE", Shape.MAP).means("an environment variable; may be repeated");

    static final Option<String> ENV_FILE = many("env-file", "FILE", Shape.LIST)
            .caveat("See [secrets](#secrets)")
            .means("a file of NAME=VALUE lines, read at each start; --env counts more; may be repeated");

    static final Option<String> CWD = each("cwd", Form.any(FormKind.TEXT, "DIR"))
            .otherwise("here; in a file, the file's folder")
            .means("the folder in which it runs");

    static final Option<String> TAG =
            many("tag", "TAG", Shape.LIST).fileKey("tags").means("one more tag beside the type; may be repeated");

    static final Option<String> META =
            many("meta", "NAME=VALUE", Shape.MAP).means("metadata in the registry; may be repeated");

    static final Option<Duration> START_TIMEOUT = each("start-timeout", Form.time())
            .byDefault(USUAL.startTimeout())
            .means("for an instance to be well; then its start has failed");

    static final Option<Duration> STOP_TIMEOUT = each("stop-timeout", Form.time())
            .byDefault(USUAL.stopTimeout())
            .means("between the stop signal and SIGKILL");

    static final Option<Integer> MAX_RESTARTS = each("max-restarts", Form.number(0, MANY, Map.of("unlimited", -1)))
            .label("N|unlimited")
            .byDefault(USUAL.maxRestarts())
            .means("ends in a row, each before it was up for min-uptime, until an instance is given up");

    static final Option<Duration> MIN_UPTIME = each("min-uptime", Form.time())
            .byDefault(RestartRules.DEFAULT.minUptime())
            .means("after which the ends before do not count any more");

    static final Option<Duration> RESTART_DELAY = each("restart-delay", Form.timeOrNone())
            .byDefault(RestartRules.DEFAULT.delay())
            .means(
                    "the least time before each restart; with 0 the first is at once, then it is 100 ms, doubling to 30 s");

    static final Option<Integer> STOP_EXIT_CODES = each("stop-exit-codes", Form.number(0, LARGEST_EXIT_CODE))
            .shape(Shape.LIST)
            .label("CODE")
            .means("an exit code after which an instance stays stopped; may be repeated");

    static final Option<String> CRON_RESTART = each("cron-restart", Form.any(FormKind.TEXT, "SCHEDULE"))
            .example("0 3 * * *")
            .caveat("In the time zone of the launcher: `TZ`, else the machine's")
            .means("reload without a gap at these times: minute, hour, day, month, day of the week");

    static final Option<String> WAIT_READY = each("wait-ready", Form.text("TEXT"))
            .otherwise("that it responds is enough")
            .example("ready")
            .means("register only when a line with this text was printed, and the health check is passed");

    static final Option<StopSignal> STOP_SIGNAL = each(
                    "stop-signal", Form.choice("SIGNAL", "term, int, quit, hup, usr1 or usr2", StopSignal.class))
            .byDefault(ProcessRules.DEFAULT.stopSignal())
            .means("what asks an instance to end");

    static final Option<String> INSTANCE_VAR = each("instance-var", Form.any(FormKind.TEXT, "NAME"))
            .byDefault(ProcessRules.DEFAULT.numberVariable())
            .means("the variable with the instance's number, from 0; its replacement has the same");

    static final Option<Long> MAX_MEMORY = each("max-memory", Form.sizeOrNoLimit())
            .byDefault(USUAL.maxMemory())
            .means("resident bytes above which an instance is replaced; 0: no limit");

    static final Option<Integer> UNHEALTHY_AFTER = each("unhealthy-after", Form.number(1, MANY))
            .byDefault(USUAL.unhealthyAfter())
            .means("failed checks in a row, one a second, until an instance is replaced");

    static final Option<Duration> DRAIN_TIMEOUT = each("drain-timeout", Form.time())
            .byDefault(USUAL.drainTimeout())
            .means("for balancers to have nothing in flight on an instance that leaves");

    static final Option<Duration> DRAIN_PAUSE = each("drain-pause", Form.timeFromZero())
            .byDefault(USUAL.drainPause())
            .means(
                    "for which an instance that leaves still serves at the least: callers without a balancer cannot be asked");

    static final Option<Integer> BATCH = each("batch", Form.number(1, MOST_INSTANCES))
            .byDefault(USUAL.batch())
            .means("instances that a reload replaces at a time");

    static final Option<String> WATCH = many("watch", "DIR", Shape.LIST)
            .caveat("See [development](#development)")
            .means("reload when files in this folder change; may be repeated");

    static final Option<String> IGNORE = many("ignore", "GLOB", Shape.LIST)
            .example("*.log")
            .means("files of which --watch takes no notice; may be repeated");

    /** The registry's address: a key beside {@code services}, not of a type. */
    public static final Option<String> CONSUL = Option.of("consul", Form.any(FormKind.ADDRESS, "URL"))
            .otherwise("CONSUL_HTTP_ADDR, else http://127.0.0.1:8500")
            .means("the registry; Consul's other variables count too");

    /** The address that is registered: a key beside {@code services}, not of a type. */
    public static final Option<String> ADVERTISE = Option.of("advertise", Form.any(FormKind.TEXT, "ADDRESS"))
            .otherwise("POINTSMAN_ADVERTISE, else 127.0.0.1 with a registry on loopback, else the address from"
                    + " which this machine reaches the registry")
            .means("what others, and the registry's check, connect to");

    private static final Option<String> SERVICES = Option.of("services", Form.any(FormKind.TEXT, "TYPE"))
            .shape(Shape.NESTED)
            .withoutFlag()
            .means("the types of instances, each with a command or with settings");

    /** The settings of a type: keys below its name, and flags of {@code run}. */
    public static final OptionTable OF_TYPE = new OptionTable(List.of(
            COMMAND,
            INSTANCES,
            HEALTH,
            ENV,
            ENV_FILE,
            CWD,
            TAG,
            META,
            START_TIMEOUT,
            STOP_TIMEOUT,
            STOP_SIGNAL,
            MAX_RESTARTS,
            MIN_UPTIME,
            RESTART_DELAY,
            STOP_EXIT_CODES,
            MAX_MEMORY,
            CRON_RESTART,
            WAIT_READY,
            INSTANCE_VAR,
            UNHEALTHY_AFTER,
            DRAIN_TIMEOUT,
            DRAIN_PAUSE,
            BATCH,
            WATCH,
            IGNORE));

    /** The settings of {@code register}, which starts its one program once. */
    public static final OptionTable OF_REGISTER =
            OptionTable.of(HEALTH, TAG, META, START_TIMEOUT, STOP_TIMEOUT, UNHEALTHY_AFTER, DRAIN_TIMEOUT, DRAIN_PAUSE);

    /** The settings of the launcher as a whole. */
    public static final OptionTable OF_LAUNCHER = OptionTable.of(CONSUL, ADVERTISE);

    /** The keys of a services file. */
    public static final OptionTable OF_FILE = OptionTable.of(CONSUL, ADVERTISE, SERVICES);

    private ServiceSettings() {}

    private static <T> OptionBuilder<T> each(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.PART).reloadable();
    }

    private static OptionBuilder<String> many(String key, String label, Shape shape) {
        return each(key, Form.any(FormKind.TEXT, label)).shape(shape);
    }
}
