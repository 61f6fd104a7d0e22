package dev.pointsman.system;

import dev.pointsman.client.ClientOptions;
import dev.pointsman.client.ServiceClient;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.system.Load.LoadKind;
import dev.pointsman.testkit.ConsulExtension;
import dev.pointsman.testkit.ConsulUnderTest;
import dev.pointsman.testkit.FreePorts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * The processes of one test: services, balancers, load. Each is on a free port, and all of them are ended after the
 * test, however it went; a failure comes with everything they printed.
 *
 * <pre>{@code
 * @RegisterExtension
 * final Cluster cluster = new Cluster(consul);
 * }</pre>
 */
final class Cluster
        implements BeforeEachCallback,
                AfterEachCallback,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {
    /** The targets of the routes that a balancer has unless told otherwise. */
    static final String API = "api-service";

    static final String WEBAPP = "webapp-service";

    private static final Pattern REGISTRY = Pattern.compile("(http://[^ ]*:\\d+)/v1/catalog/services\\n");

    private final Supplier<ConsulUnderTest> consul;
    private final boolean isConsulShared;
    private Supplier<String> registryUrl;
    private final List<Program> programs = new ArrayList<>();
    private final List<Load> loads = new ArrayList<>();
    private final List<ClientLoad> clientLoads = new ArrayList<>();
    private final List<Runnable> beforeTheEnd = new ArrayList<>();
    private final List<Runnable> atTheEnd = new ArrayList<>();

    private Cluster(Supplier<ConsulUnderTest> consul, boolean isConsulShared) {
        this.consul = consul;
        this.isConsulShared = isConsulShared;
        this.registryUrl = () -> consul.get().url();
    }

    /** @param consul which registry services and balancers are told to use; asked when the first of them starts */
    Cluster(Supplier<ConsulUnderTest> consul) {
        this(consul, false);
    }

    /** @param consul the same, for all tests of a class: nothing is registered there when a test begins */
    Cluster(ConsulExtension consul) {
        this(consul::get, true);
    }

    /** For tests without Consul: a registry is started, or {@link #useRegistry used}, before anything else. */
    Cluster() {
        this(
                () -> {
                    throw new IllegalStateException("this test has no Consul; start a registry first");
                },
                false);
    }

    /** Services and balancers are told to use this one from now on. */
    void useRegistry(String url) {
        registryUrl = () -> url;
    }

    /** Starts the registry that comes along, on a port or on any (0), and has services and balancers use it. */
    Program startRegistry(int port) {
        Program registry = pointsman("registry", "--port", Integer.toString(port));
        useRegistry(registry.awaitOutput("where it serves", REGISTRY).group(1));
        return registry;
    }

    /** Starts a balancer that brings its own registry along, which services use from now on; waits until it is ready. */
    BalancerProcess devBalancer(String... flags) {
        useRegistry("http://127.0.0.1:" + FreePorts.take());
        return balancer(Stream.concat(Stream.of("--dev"), Stream.of(flags)).toArray(String[]::new));
    }

    /** The registry that they use. */
    String registry() {
        return registryUrl.get();
    }

    /** What Consul knows. */
    ConsulState consul() {
        return new ConsulState(consul.get());
    }

    /** Starts an instance, and waits until it serves. */
    ServiceProcess service(String type, String... flags) {
        return startService(type, flags).awaitServing();
    }

    /** Starts so many instances at the same time, and waits until all of them serve. */
    List<ServiceProcess> services(int count, String type) {
        List<ServiceProcess> started =
                IntStream.range(0, count).mapToObj(i -> startService(type)).toList();
        started.forEach(ServiceProcess::awaitServing);
        return started;
    }

    private ServiceProcess startService(String type, String... flags) {
        String[] all = Stream.concat(Stream.of(type, "--consul", registryUrl.get()), Arrays.stream(flags))
                .toArray(String[]::new);
        return new ServiceProcess(start(type, Map.of(), Jar.command("service", all)));
    }

    /** Starts a balancer, and waits until it is ready. */
    BalancerProcess balancer(String... flags) {
        Stream<String> own = Stream.of("--consul", registryUrl.get());
        return BalancerProcess.awaitReady(pointsman(
                "balancer",
                Stream.concat(anyPorts(), Stream.concat(own, Arrays.stream(flags)))
                        .toArray(String[]::new)));
    }

    /** The flags that let a balancer take any free port of loopback. */
    static Stream<String> anyPorts() {
        return Stream.of("--host", "127.0.0.1", "--port", "0", "--admin", "127.0.0.1:0");
    }

    /** Starts a command of the jar with these arguments and nothing else; returns at once. */
    Program pointsman(String command, String... arguments) {
        return start(command, Map.of(), Jar.command(command, arguments));
    }

    /** Starts anything; returns at once. */
    Program start(String name, Map<String, String> environment, List<String> command) {
        Program program = Program.start(name + "-" + (programs.size() + 1), environment, command);
        programs.add(program);
        return program;
    }

    /** Clients that go on until they are stopped. */
    Load load(BalancerProcess balancer, String path) {
        return started(Load.start(balancer.port(), path, LoadKind.GETS));
    }

    /** The same with POSTs, none of which is ever sent to a second instance once it may have reached one. */
    Load postingLoad(BalancerProcess balancer, String path) {
        return started(Load.start(balancer.port(), path, LoadKind.POSTS));
    }

    /** Clients that leave when a response says so. */
    Load politeLoad(BalancerProcess balancer, String path) {
        return started(Load.start(balancer.port(), path, LoadKind.GETS_UNTIL_TOLD_TO_CLOSE));
    }

    /** Clients of a port, behind which one balancer comes after the other, or several are. */
    Load loadOn(int port, String path, LoadKind kind) {
        return started(Load.start(port, path, kind));
    }

    /** The same by sockets of another kind: those of TLS. */
    Load loadOn(int port, String path, LoadKind kind, SocketFactory sockets) {
        return started(Load.start(port, path, kind, sockets));
    }

    /** A client that balances by itself, in this process; it is closed after the test. */
    ServiceClient serviceClient(UnaryOperator<ClientOptions> change) {
        ConsulAddress registry = ConsulAddress.from(registryUrl.get(), Map.of());
        ServiceClient client =
                ServiceClient.create(change.apply(ClientOptions.from(Map.of()).withConsul(registry)));
        beforeTheEnd.add(client::close);
        return client;
    }

    /** Callers that go on until they are stopped. */
    ClientLoad load(ServiceClient client) {
        ClientLoad load = ClientLoad.start(client);
        clientLoads.add(load);
        return load;
    }

    private Load started(Load load) {
        loads.add(load);
        return load;
    }

    /** Something to be done after the test, however it went, while its processes still run. */
    void beforeTheEnd(Runnable end) {
        beforeTheEnd.add(end);
    }

    /** Something else to be done after the test, however it went. */
    void atTheEnd(Runnable end) {
        atTheEnd.add(end);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (isConsulShared) {
            consul().deregisterAll();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<Runnable> ends = new ArrayList<>();
        loads.forEach(load -> ends.add(load::end));
        clientLoads.forEach(load -> ends.add(load::end));
        ends.addAll(beforeTheEnd);
        programs.forEach(program -> ends.add(program::end));
        ends.addAll(atTheEnd);
        List<Throwable> failures = new ArrayList<>();
        for (Runnable end : ends) {
            try {
                end.run();
            } catch (RuntimeException | AssertionError failure) {
                // What could not be ended must not keep the rest from being ended.
                failures.add(failure);
            }
        }
        if (!failures.isEmpty()) {
            AssertionError all = new AssertionError("not everything could be ended after the test");
            failures.forEach(all::addSuppressed);
            throw all;
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withOutputs(failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withOutputs(failure);
    }

    private Throwable withOutputs(Throwable failure) {
        loads.forEach(load -> failure.addSuppressed(new Printed("load", load.toString())));
        clientLoads.forEach(load -> failure.addSuppressed(new Printed("calls", load.toString())));
        programs.forEach(program -> failure.addSuppressed(new Printed(program.name(), program.output())));
        return failure;
    }

    /** What a process had said until the test failed, as a part of that failure: reports show it everywhere. */
    private static final class Printed extends Exception {
        private static final long serialVersionUID = 1;

        Printed(String who, String what) {
            super(who + ":\n" + what.indent(4), null, false, false);
        }
    }
}
