package dev.pointsman.cli;

import dev.pointsman.balancer.StartException;
import dev.pointsman.cli.demo.Demo;
import dev.pointsman.cli.demo.DemoPorts;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

    @Option(names = "--service-jar", paramLabel = "FILE", hidden = true, description = "the sample service's jar")
    private @Nullable Path serviceJar;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Path balancerJar = ownJar();
        Path services = serviceJar != null ? serviceJar : balancerJar;
        if (!Files.isReadable(services)) {
            throw new StartException(services + " is missing; build it with: mvn -DskipTests package");
        }
        PrintWriter terminal = new PrintWriter(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        Demo demo = new Demo(new DemoPorts(port, adminPort, registryPort), balancerJar, services, out, terminal);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopOnSignal(demo), "stop"));
        try {
            demo.run();
            return 0;
        } finally {
            demo.stop();
        }
    }

    /**
     * A stop that was asked for and went well is no failure, see {@link RunningProcess#untilSignal}. If the demo ended by
     * itself it has been stopped already, and its exit code stands.
     */
    private static void stopOnSignal(Demo demo) {
        if (demo.stop()) {
            Runtime.getRuntime().halt(0);
        }
    }

    private static Path ownJar() throws Exception {
        return Path.of(DemoCommand.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }
}
