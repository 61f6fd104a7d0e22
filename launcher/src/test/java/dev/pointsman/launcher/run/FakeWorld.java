package dev.pointsman.launcher.run;

import dev.pointsman.launcher.drain.BalancerReply;
import dev.pointsman.launcher.drain.DrainCoordinator;
import dev.pointsman.launcher.drain.RegisteredBalancer;
import dev.pointsman.launcher.drain.ScriptedBalancers;
import dev.pointsman.launcher.loop.ManualLoop;
import dev.pointsman.launcher.process.ChildProcess;
import dev.pointsman.launcher.process.LauncherFile;
import dev.pointsman.launcher.process.PortHolder;
import dev.pointsman.launcher.process.PortSource;
import dev.pointsman.launcher.process.ProcessSignal;
import dev.pointsman.launcher.process.Program;
import dev.pointsman.launcher.process.Programs;
import dev.pointsman.launcher.process.Usage;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Registrar;
import dev.pointsman.registry.Registry;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.ServiceRegistration;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything around a launcher's decisions, in memory: programs that come up, crash and hang on demand, a registry, balancers
 * that use what the registry lists, and a record of what happened in which order.
 */
final class FakeWorld implements Programs, Registrar, Registry, PortSource {
    /** When a world begins. */
    static final Instant BEGINNING = Instant.parse("2026-03-01T00:00:00Z");

    final ManualLoop loop = new ManualLoop();
    private final long beginning = loop.nanos();
    final ScriptedBalancers balancers = new ScriptedBalancers();
    final Map<String, FakeChild> children = new LinkedHashMap<>();
    /** What happened, in order, as {@code start api-1}. */
    final List<String> events = new ArrayList<>();
    /** By port: the process that listens there; ours unless said otherwise. */
    final Map<Integer, PortHolder> holders = new HashMap<>();
    /** Whether programs that are started respond. */
    boolean responds = true;
    /** Whether they end at once. */
    boolean crashes;

    /** By id: how many requests each balancer has under way there. */
    final Map<String, Integer> inFlight = new HashMap<>();

    boolean registryIsAway;
    boolean portsAreFree = true;
    int nextPort = 1;

    private final Map<String, ServiceRegistration> registered = new LinkedHashMap<>();
    private final Map<String, Consumer<ServiceView>> watches = new HashMap<>();
    private final List<String> inMaintenance = new ArrayList<>();
    final LauncherContext context;

    FakeWorld(Path folder) throws IOException {
        RegistryView view = new RegistryView(this, loop);
        context = new LauncherContext(
                () -> BEGINNING.plusNanos(loop.nanos() - beginning),
                loop,
                this,
                this,
                (address, port, path, timeout) -> {
                    FakeChild child = childAt(port);
                    return CompletableFuture.completedFuture(
                            (child != null && child.responds) || holders.containsKey(port)
                                    ? new HealthProbe.HealthResult(true, "")
                                    : new HealthProbe.HealthResult(false, "connection refused"));
                },
                new Registrations(this, loop, Runnable::run, new SplittableRandom(1)),
                view,
                new DrainCoordinator(
                        () -> {
                            events.add("drain");
                            return List.copyOf(balancers.present);
                        },
                        balancers,
                        loop),
                new InstanceJournal(LauncherFile.create(folder, "test"), Runnable::run),
                (type, id, line) -> {},
                "test",
                "h",
                "http://127.0.0.1:8500");
        view.follow("api");
    }

    @Nullable
    FakeChild childAt(int port) {
        return children.get(id(port));
    }

    static String id(int port) {
        return "api-h-" + port;
    }

    /** A balancer that uses whatever the registry lists as passing. */
    void addBalancer(String name) {
        balancers.add(name);
        tellBalancers();
    }

    /** Lets the balancers say what is so by now. */
    void tellBalancers() {
        for (RegisteredBalancer balancer : balancers.present) {
            for (String id : children.keySet()) {
                boolean acceptsNew = registered.containsKey(id) && !inMaintenance.contains(id);
                balancers.says(
                        balancer.name(),
                        id,
                        new BalancerReply.InstanceUse(
                                registered.containsKey(id), acceptsNew, inFlight.getOrDefault(id, 0)));
            }
        }
    }

    final class FakeChild implements ChildProcess {
        final String id;
        final long pid;
        boolean responds;
        private final CompletableFuture<Integer> exit = new CompletableFuture<>();

        FakeChild(String id, long pid) {
            this.id = id;
            this.pid = pid;
            this.responds = FakeWorld.this.responds;
        }

        void dies(int code) {
            responds = false;
            exit.complete(code);
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public Instant started() {
            return Instant.EPOCH;
        }

        @Override
        public CompletionStage<Integer> exit() {
            return exit;
        }

        @Override
        public boolean signal(ProcessSignal signal) {
            events.add("SIG" + signal + " " + id);
            return !exit.isDone();
        }

        @Override
        public List<String> lastLines() {
            return List.of("its last line");
        }

        @Override
        public CompletionStage<Boolean> end(ProcessSignal signal, Duration patience) {
            if (!exit.isDone()) {
                events.add("end " + id + (signal == ProcessSignal.TERM ? "" : " by SIG" + signal));
                dies(143);
            }
            return CompletableFuture.completedFuture(false);
        }
    }

    /** The lines that a program prints are given to this, by its id. */
    final Map<String, Program> programs = new HashMap<>();

    @Override
    public CompletionStage<ChildProcess> start(Program program) {
        events.add("start " + program.id());
        programs.put(program.id(), program);
        FakeChild child = new FakeChild(program.id(), 1000 + program.port());
        children.put(program.id(), child);
        if (crashes) {
            child.dies(3);
        }
        return CompletableFuture.completedFuture(child);
    }

    @Override
    public CompletionStage<PortHolder> holder(int port, ChildProcess child) {
        return CompletableFuture.completedFuture(
                holders.getOrDefault(port, new PortHolder(PortHolder.HolderKind.OURS, "")));
    }

    @Override
    public CompletionStage<List<Integer>> listening(ChildProcess child) {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public CompletionStage<Map<Long, Usage>> usage(Collection<ChildProcess> asked) {
        return CompletableFuture.completedFuture(Map.of());
    }

    @Override
    public int next() {
        return nextPort++;
    }

    @Override
    public boolean isFree(int port) {
        return portsAreFree;
    }

    @Override
    public int tries() {
        return 4;
    }

    @Override
    public void register(ServiceRegistration registration) throws RegistryException {
        failIfAway();
        events.add("register " + registration.id());
        registered.put(registration.id(), registration);
        changed();
    }

    @Override
    public void deregister(String id) throws RegistryException {
        failIfAway();
        events.add("deregister " + id);
        registered.remove(id);
        changed();
    }

    @Override
    public boolean isRegistered(String id) throws RegistryException {
        failIfAway();
        return registered.containsKey(id);
    }

    @Override
    public void maintenance(String id, boolean on, String reason) throws RegistryException {
        failIfAway();
        events.add("maintenance " + id);
        inMaintenance.add(id);
        changed();
    }

    List<String> registered() {
        return List.copyOf(registered.keySet());
    }

    private void failIfAway() throws RegistryException {
        if (registryIsAway) {
            throw new RegistryException(RegistryException.Kind.UNREACHABLE, "the registry is away by order");
        }
    }

    private void changed() {
        tellBalancers();
        Consumer<ServiceView> listener = watches.get("api");
        if (listener != null) {
            listener.accept(new ServiceView(
                    "api", registered.values().stream().map(this::instance).toList()));
        }
    }

    private Instance instance(ServiceRegistration service) {
        Health health = inMaintenance.contains(service.id()) ? Health.MAINTENANCE : Health.PASSING;
        return new Instance(
                new InstanceKey("n1", service.id()),
                service.name(),
                "h",
                service.port(),
                service.tags(),
                service.meta(),
                Weights.DEFAULT,
                health,
                "");
    }

    @Override
    public Watch watch(String target, Consumer<ServiceView> listener) {
        watches.put(target, listener);
        return new Watch() {
            @Override
            public String target() {
                return target;
            }

            @Override
            public CompletionStage<ServiceView> firstView() {
                return new CompletableFuture<>();
            }

            @Override
            public WatchStatus status() {
                return new WatchStatus(0, null, null, null, 0);
            }

            @Override
            public void close() {
                watches.remove(target);
            }
        };
    }

    @Override
    public void close() {
        watches.clear();
    }
}
