package dev.pointsman.cli;

import dev.pointsman.balancer.Balancer;
import dev.pointsman.balancer.admin.LauncherAccess;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.BalancerSettings;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.config.Listener;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.balancer.config.RouteSettings;
import dev.pointsman.balancer.live.ConfigWatcher;
import dev.pointsman.balancer.live.LiveConfig;
import dev.pointsman.balancer.live.ReloadOutcome;
import dev.pointsman.balancer.observe.LogField;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.cli.log.Logging;
import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.cli.run.RunningLaunchers;
import dev.pointsman.cli.run.UserSignal;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.settings.Setting;
import io.vertx.core.Future;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code pointsman balancer}. Values stay text here: {@link ConfigReader} judges them all at once, those of the file and
 * those of the command line alike.
 */
@Command(
        name = "balancer",
        description = "Spreads requests over the live instances of services that a registry knows.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Times are written 500ms, 2s, 5m; sizes 8192, 32k, 1m. Consul's own environment variables",
            "(CONSUL_HTTP_ADDR, CONSUL_HTTP_TOKEN, ...) count where no flag says otherwise.",
            "Every setting: docs/configuration.md"
        })
final class BalancerCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(BalancerCommand.class);

    /** How many routes are named when the balancer is ready. */
    private static final int SHOWN_ROUTES = 20;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** The command with the flags of the table, and with the options of a route behind them. */
    static CommandLine line() {
        CommandLine line = SettingFlags.on(new BalancerCommand(), BalancerSettings.TABLE);
        String options = RouteSettings.TABLE.flags().options().stream()
                .map(option -> option.key() + "=" + option.label())
                .collect(Collectors.joining(", "));
        UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        List<String> footer = new ArrayList<>(List.of("", "Options of a route: " + options + "."));
        footer.addAll(List.of(usage.footer()));
        usage.footer(footer.toArray(String[]::new));
        return line;
    }

    @Option(names = "--config", paramLabel = "FILE", description = "a YAML file with any of these settings (none)")
    private @Nullable Path config;

    @Option(
            names = Succession.FLAG,
            description =
                    "take over from the balancer of this user that runs on the same port, once this one is ready, so that no"
                            + " request fails; if none runs, it is the first (docs/upgrades.md)")
    private boolean takesOver;

    @Override
    public Integer call() throws Exception {
        List<Setting> flags = SettingFlags.given(spec.commandLine().getParseResult(), BalancerSettings.TABLE);
        ConfigSource source = new ConfigSource(config, flags, System.getenv());
        ReadConfig first = source.readOrThrow();
        BalancerConfig read = first.config();
        Logging.use(read.observation().logFormat());
        List<Supplier<Future<Void>>> stops = new CopyOnWriteArrayList<>();
        if (read.dev()) {
            LocalRegistry registry =
                    LocalRegistry.start(read.consul().host(), read.consul().port(), read.hostNames(), "--consul");
            stops.addAll(registry.stops());
        }
        Succession succession = Succession.begin(read, takesOver, environment());
        Balancer balancer = Balancer.create(read, source, succession.predecessor());
        LiveConfig live = new LiveConfig(
                source,
                first,
                (next, cause) -> {
                    Logging.use(next.observation().logFormat());
                    return balancer.reconfigure(next, cause).<Void>mapEmpty().toCompletionStage();
                },
                Clock.systemUTC());
        balancer.configuredBy(live);
        balancer.showing(launchers());
        balancer.succeededBy(succession.successor(ownCommand()));
        // Before the registry, in which it is registered.
        stops.add(0, balancer::stop);
        RunningProcess process = RunningProcess.stoppedBy(
                stops, read.limits().grace().plus(read.limits().drain()), balancer::stopNow);
        Runnable reopening = () -> {
            Future<Void> unused = balancer.reopenLogs();
        };
        UserSignal.handle("USR1", reopening);
        start(read, balancer, process, succession);
        stops.add(0, succession::stopping);
        if (config != null || !live.places().named().isEmpty()) {
            follow(live, reopening, stops);
        } else if (read.observation().accessLog().destination() != null) {
            UserSignal.handle("HUP", reopening);
        }
        return process.untilSignal();
    }

    private void start(BalancerConfig read, Balancer balancer, RunningProcess process, Succession succession)
            throws Exception {
        try {
            announce(read, process.started(balancer.begin()));
        } catch (Exception notReady) {
            succession.failed(notReady);
            throw notReady;
        }
        succession.ready(balancer, () -> System.exit(0));
    }

    /** What this process was started with: by the start script, which may be another one by now, or by itself. */
    private List<String> ownCommand() throws CommandFailure {
        String script = environment().getOrDefault("POINTSMAN_SCRIPT", "");
        List<String> command = new ArrayList<>(script.isEmpty() ? OwnProgram.command() : List.of(script));
        command.addAll(spec.root().commandLine().getParseResult().originalArgs());
        return command;
    }

    private Map<String, String> environment() {
        return PointsmanCommand.above(spec).environment();
    }

    /** Those that run beside it; none where it cannot be known which user this is. */
    private LauncherAccess launchers() {
        try {
            return new RunningLaunchers(PointsmanCommand.above(spec).runtimeFolder(), Clock.systemUTC());
        } catch (ControlException unknown) {
            log.info("launchers are not shown: {}", unknown.getMessage());
            return LauncherAccess.NONE;
        }
    }

    /**
     * Has changes of the files, and SIGHUP, put in force from now on.
     *
     * @param reopening what else SIGHUP asks for
     */
    private static void follow(LiveConfig live, Runnable reopening, List<Supplier<Future<Void>>> stops) {
        ConfigWatcher watcher = ConfigWatcher.start(
                live::places, live::filesChanged, ConfigWatcher.QUIET, ConfigWatcher.LOOK, System::nanoTime);
        UserSignal.handle("HUP", () -> {
            ReloadOutcome unused = live.reload("SIGHUP");
            reopening.run();
        });
        stops.add(0, () -> {
            watcher.close();
            return Future.succeededFuture();
        });
    }

    private void announce(BalancerConfig read, Balancer balancer) {
        String clients = clients(read.listeners(), balancer.ports());
        String registry = read.consul().url() + (read.dev() ? " (embedded, for this machine only)" : "");
        String base = "http://" + reachable(read.admin().host()) + ":" + balancer.adminPort();
        String admin = base + "/api/services";
        if (Logging.isJson()) {
            // Who reads JSON, reads both streams as one in a container.
            log.info(
                    "Pointsman balancer is ready: clients {}, routes {}, registry {}, admin {}",
                    new LogField("clients", clients),
                    routes(read.routes()),
                    new LogField("registry", registry),
                    new LogField("admin", admin));
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("Pointsman balancer is ready");
        out.println("  clients   " + clients);
        out.println("  routes    " + routes(read.routes()));
        out.println("  registry  " + registry);
        out.println("  dashboard " + base + "/");
        out.println("  admin     " + admin);
        out.flush();
    }

    private static String clients(List<Listener> listeners, List<Integer> ports) {
        List<String> urls = new ArrayList<>(listeners.size());
        for (int i = 0; i < listeners.size(); i++) {
            Listener listener = listeners.get(i);
            urls.add(listener.scheme() + "://" + reachable(listener.address().host()) + ":" + ports.get(i));
        }
        return String.join(", ", urls);
    }

    /** The first routes, as a balancer that is ready names them. */
    static String routes(List<Route> routes) {
        String first = routes.stream()
                .limit(SHOWN_ROUTES)
                .map(each -> each.key() + " -> " + CheckReport.leadsTo(each))
                .collect(Collectors.joining(", "));
        int more = routes.size() - SHOWN_ROUTES;
        return more > 0 ? first + " and " + more + " more (pointsman routes)" : first;
    }

    /** The URL to type into a browser on this machine for an address that is listened on. */
    private static String reachable(String host) {
        if (host.equals("0.0.0.0") || host.equals("::")) {
            return "localhost";
        }
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
