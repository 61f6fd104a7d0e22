package dev.pointsman.cli;

import dev.pointsman.cli.demo.Demo;
import dev.pointsman.cli.demo.DemoLogs;
import dev.pointsman.cli.demo.DemoPlan;
import dev.pointsman.cli.demo.DemoPorts;
import dev.pointsman.cli.log.Logging;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pointsman demo}: the whole system on this machine, as real processes. */
@Command(
        name = "demo",
        description =
                "Starts the embedded registry, a balancer and two instances each of two services, for a first try.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    /** Options of a JVM that starts quickly: six share a machine and live for minutes. */
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            converter = PortConverter.Certain.class,
            description = "the balancer's port (${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--admin-port",
            paramLabel = "N",
            defaultValue = "9901",
            converter = PortConverter.Certain.class,
            description = "its admin port (${DEFAULT-VALUE})")
    private int adminPort;

    @Option(
            names = "--registry-port",
            paramLabel = "N",
            defaultValue = "8500",
            converter = PortConverter.Certain.class,
            description = "the registry's port (${DEFAULT-VALUE})")
    private int registryPort;

    @Override
    public Integer call() throws Exception {
        PointsmanCommand above = PointsmanCommand.above(spec);
        // What is well is for the demo to say; its programs complain.
        String level = above.environment().getOrDefault(Logging.VARIABLE, "warn");
        DemoPlan plan = new DemoPlan(
                new DemoPorts(port, adminPort, registryPort),
                OwnProgram.command(QUICK),
                Map.of(Logging.VARIABLE, level));
        Demo demo = new Demo(
                plan,
                above.launcherStart(),
                above.runtimeFolder(),
                spec.commandLine().getOut(),
                // Not the one before it: a terminal that stands still holds that locked.
                DemoLogs.open(above.runtimeFolder(), above.instanceLines()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopOnSignal(demo), "stop"));
        try {
            demo.run();
            return 0;
        } finally {
            demo.stop();
        }
    }

    /**
     * Stops the demo at a signal; a stop that went well is no failure, see {@link RunningProcess#untilSignal}. If the
     * demo ended by itself it has been stopped already, and its exit code stands.
     */
    private static void stopOnSignal(Demo demo) {
        if (demo.stop()) {
            Runtime.getRuntime().halt(0);
        }
    }
}
