package dev.pointsman.cli.demo;

import dev.pointsman.cli.run.LauncherPlan;
import dev.pointsman.launcher.api.Output;
import dev.pointsman.launcher.plan.InstanceOptions;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.process.Program;
import dev.pointsman.registry.consul.ConsulAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The six programs of a demo.
 *
 * <p>The services are a launcher's plan as any other. The registry and the balancer are not in it: their ports are passed to
 * people, so that a second one cannot be started beside the first to replace it; and nothing can be registered before the
 * registry is there.
 *
 * @param ports where they listen
 * @param pointsman how to start Pointsman: Java, its options and the jar
 * @param environment more variables, for all six
 */
public record DemoPlan(DemoPorts ports, List<String> pointsman, Map<String, String> environment) {
    private static final String API = "api-service";
    private static final String WEBAPP = "webapp-service";
    private static final List<String> TYPES = List.of(API, WEBAPP);
    private static final int INSTANCES = 2;

    /** The usual ones, but for the pause: all that calls is on this machine, and a person waits for the end. */
    private static final InstanceOptions OPTIONS = withDrainPause(Duration.ofMillis(300));

    /** The number of instances of services at first. */
    static final int SERVICES = TYPES.size() * INSTANCES;

    Program registry(Output output) {
        return program(output, "registry", ports.registry(), "--port", Integer.toString(ports.registry()));
    }

    Program balancer(Output output) {
        return program(
                output,
                "balancer",
                ports.clients(),
                "--port",
                Integer.toString(ports.clients()),
                "--admin",
                "127.0.0.1:" + ports.admin(),
                "--consul",
                ports.registryUrl(),
                // There is no readiness check that would have to notice, and a person waits for the end.
                "--grace",
                "0s");
    }

    private Program program(Output output, String name, int port, String... flags) {
        List<String> command = command(Stream.concat(Stream.of(name), Stream.of(flags)));
        return new Program(name, command, port, () -> environment, null, line -> output.line(name, name, line));
    }

    /** The plan of the services: each listens on the port that it is given, and leaves the registry to the launcher. */
    LauncherPlan services() {
        List<ServicePlan> plans = TYPES.stream()
                .map(type -> ServicePlan.of(
                                type,
                                command(Stream.concat(
                                        Stream.of("service", type, "--port", "{port}", "--unregistered"), calls(type))))
                        .instances(INSTANCES)
                        .env(environment)
                        .healthPath("/health")
                        .options(OPTIONS)
                        .build())
                .toList();
        return new LauncherPlan(plans, ConsulAddress.of("127.0.0.1", ports.registry()), null);
    }

    /** The flags with which one of the two types calls the other one, by itself. */
    private Stream<String> calls(String type) {
        return type.equals(API) ? Stream.of("--calls", WEBAPP, "--consul", ports.registryUrl()) : Stream.empty();
    }

    private static InstanceOptions withDrainPause(Duration pause) {
        InstanceOptions usual = InstanceOptions.DEFAULT;
        return new InstanceOptions(
                usual.startTimeout(),
                usual.stopTimeout(),
                usual.maxRestarts(),
                usual.maxMemory(),
                usual.unhealthyAfter(),
                usual.drainTimeout(),
                pause,
                usual.batch());
    }

    private List<String> command(Stream<String> arguments) {
        List<String> command = new ArrayList<>(pointsman);
        arguments.forEach(command::add);
        return command;
    }
}
