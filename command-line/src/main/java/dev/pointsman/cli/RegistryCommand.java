package dev.pointsman.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pointsman registry}: the embedded registry alone. */
@Command(
        name = "registry",
        description = "A service registry for one machine that speaks Consul's HTTP API.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class RegistryCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8500",
            converter = PortConverter.class,
            description = "its port (${DEFAULT-VALUE}; 0: any)")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "its address (${DEFAULT-VALUE})")
    private String host = "127.0.0.1";

    @Option(
            names = "--host-names",
            paramLabel = "NAMES",
            split = ",",
            converter = HostNameConverter.class,
            description = "names by which it may be called on loopback, besides addresses and localhost (none)")
    private List<String> hostNames = List.of();

    @Override
    public Integer call() throws Exception {
        LocalRegistry registry = LocalRegistry.start(host, port, hostNames, "--port");
        PrintWriter out = spec.commandLine().getOut();
        out.println("Pointsman registry is ready (it speaks Consul's HTTP API; for this machine only)");
        out.println("  http://" + host + ":" + registry.port() + "/v1/catalog/services");
        out.flush();
        return RunningProcess.untilSignal(registry.stops());
    }
}
