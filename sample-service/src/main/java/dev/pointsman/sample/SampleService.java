package dev.pointsman.sample;

import dev.pointsman.agent.AgentException;
import dev.pointsman.agent.ServiceAgent;
import dev.pointsman.client.ServiceAddress;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sample-service <type>}: an instance of a service, registered for as long as it runs. */
@Command(
        name = "sample-service",
        mixinStandardHelpOptions = true,
        versionProvider = SampleVersion.class,
        sortOptions = false,
        description = "Serves <type> on a free port and registers it in Consul for as long as it runs.",
        footer = {
            "",
            "Every path responds '<type> response from <pid>'. Below any prefix: /health",
            "/slow?ms= /bytes?n= /status/NNN /echo /sse?ms=&n= /ws, /chain with --calls, and",
            "/crash (hard; ?how=throw: by an uncaught exception). Consul's own variables",
            "count: CONSUL_HTTP_ADDR, CONSUL_HTTP_TOKEN, CONSUL_HTTP_SSL, ...",
            "POINTSMAN_LOG=debug says more. Exit codes: 0 fine, 1 failed, 2 bad usage."
        })
public final class SampleService implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "<type>",
            description = "Name and first tag in the registry, as api-service.")
    private @Nullable String type;

    @Option(names = "--port", paramLabel = "N", description = "Port to listen on. Default: any free one.")
    private @Nullable String port;

    @Option(names = "--ports", paramLabel = "A-B", description = "Ports to try in order, as 8000-8999.")
    private @Nullable String ports;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address to listen on. Default: 127.0.0.1 when Consul is there too, else 0.0.0.0.")
    private @Nullable String host;

    @Option(
            names = "--advertise",
            paramLabel = "ADDRESS",
            description = "Address to register. Default: POINTSMAN_ADVERTISE, else the one listened on,"
                    + " else the one from which the registry is reached.")
    private @Nullable String advertise;

    @Option(
            names = "--consul",
            paramLabel = "URL",
            description = "Consul's address. Default: CONSUL_HTTP_ADDR, else 127.0.0.1:8500.")
    private @Nullable String consul;

    @Option(names = "--unregistered", description = "Serve only: what started it registers it, as pointsman run does.")
    private boolean unregistered;

    @Option(names = "--tag", paramLabel = "TAG", description = "One more tag; may be given again.")
    private List<String> tags = List.of();

    @Option(
            names = "--busy",
            paramLabel = "N",
            description = "Turns of a CPU-bound loop for each plain response, one response at a time.")
    private @Nullable String busy;

    @Option(
            names = "--calls",
            paramLabel = "TAG",
            description = "Another service: each /chain request is passed on to an instance of it, without a balancer.")
    private @Nullable String calls;

    @Spec
    private @Nullable CommandSpec spec;

    private final Map<String, String> environment;

    /**
     * The command, for a command line of its own or below another one.
     *
     * @param environment the process's own, in which Consul's variables and {@code POINTSMAN_ADVERTISE} count
     */
    public SampleService(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** The service as a program of its own, without Pointsman's command line around it. */
    public static void main(String[] args) {
        // Before the first logger is made: slf4j-simple reads it once.
        System.setProperty(
                "org.slf4j.simpleLogger.defaultLogLevel", System.getenv().getOrDefault("POINTSMAN_LOG", "info"));
        System.exit(commandLine(System.getenv()).execute(args));
    }

    static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new SampleService(environment)).setExecutionExceptionHandler((e, command, parsed) -> {
            if (!(e instanceof AgentException)) {
                throw e;
            }
            command.getErr().println(e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
    }

    /** Serves until a signal ends the process; returns only when no type is given. */
    @Override
    public Integer call() throws InterruptedException {
        if (spec == null) {
            throw new IllegalStateException("picocli always sets the spec");
        }
        if (type == null || type.isBlank()) {
            return missingType(spec.commandLine());
        }
        SampleOptions options = new SampleOptions(environment);
        options.type(type.strip());
        options.ports(port, ports);
        options.host(host);
        options.advertise(advertise);
        options.consul(consul);
        options.unregistered(unregistered);
        options.tags(tags);
        options.busy(busy);
        options.calls(calls);
        if (!options.problems().isEmpty()) {
            throw new ParameterException(spec.commandLine(), String.join(System.lineSeparator(), options.problems()));
        }
        serve(options, spec.commandLine().getOut());
        new CountDownLatch(1).await();
        return CommandLine.ExitCode.OK;
    }

    private static void serve(SampleOptions options, PrintWriter out) {
        long pid = ProcessHandle.current().pid();
        ServiceAddress calls = options.calls();
        ServiceAgent agent = calls == null
                ? ServiceAgent.runAsProcess(options.agent(), handler(options, pid, null))
                : runWithCalls(options, pid, calls);
        out.println(options.agent().type() + " (pid " + pid + ") serves on " + agent.url() + registered(options, agent)
                + (calls == null ? "" : ", calls " + calls));
        out.flush();
    }

    private static SampleHandler handler(SampleOptions options, long pid, @Nullable CalledService called) {
        return new SampleHandler(options.agent().type(), pid, options.busy(), called);
    }

    private static ServiceAgent runWithCalls(SampleOptions options, long pid, ServiceAddress calls) {
        CalledService called = CalledService.follow(calls, options.client());
        ServiceAgent agent;
        try {
            agent = ServiceAgent.runAsProcess(options.agent(), called.vertx(), handler(options, pid, called));
        } catch (RuntimeException e) {
            called.close();
            throw e;
        }
        // The requests that the agent lets finish still need the client.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            agent.close();
                            called.close();
                        },
                        "sample-service-hook"));
        return agent;
    }

    private static String registered(SampleOptions options, ServiceAgent agent) {
        String consul = options.agent().consul().url();
        if (!options.agent().registers()) {
            return "";
        }
        return agent.isRegistered()
                ? ", registered as " + agent.id() + " in Consul at " + consul
                : ", not registered yet as " + agent.id() + ": it goes on trying Consul at " + consul;
    }

    /** The one usage error that shows the whole usage: a user who starts it so does not know it yet. */
    private static int missingType(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": the type is missing (expected: a name, as in " + name + " api-service)");
        command.usage(command.getErr());
        return CommandLine.ExitCode.USAGE;
    }
}
