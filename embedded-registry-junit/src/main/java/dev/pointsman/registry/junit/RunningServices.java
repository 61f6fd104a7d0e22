package dev.pointsman.registry.junit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The services that a test has running in its own process, as a parameter of tests, lifecycle methods and constructors: those of its
 * class, of the classes around it, and of the test itself.
 *
 * <pre>{@code
 * @Test
 * void a_crashed_instance_is_passed_over(RunningServices services) {
 *     services.instances("api").get(0).crash();
 *     ...
 * }
 * }</pre>
 *
 * <p>What a test starts here ends with that test; what a class's constructor or {@code @BeforeAll} method starts, with the class.
 * After that every method throws {@link IllegalStateException}, and nothing is started.
 *
 * <p>Thread-safe. Starting blocks, so not on an event loop. Tests of one class that run in parallel share what the class has started,
 * and see what the others stop.
 *
 * <p>Before each test, what an earlier one stopped or crashed is started again. If one has closed the registry, so is an empty
 * registry at the same address, and in place of every instance another on another port.
 */
public final class RunningServices {
    private final @Nullable RunningServices outer;
    private final TestRegistry registry;
    private final List<TestService> declared = new ArrayList<>();
    private final List<RunningInstance> started = new ArrayList<>();
    private boolean ended;

    RunningServices(@Nullable RunningServices outer, TestRegistry registry) {
        this.outer = outer;
        this.registry = registry;
    }

    /**
     * The running instances of a service, in the order in which they were started; a copy.
     *
     * @throws IllegalArgumentException when no service of this name was started here
     */
    public List<RunningInstance> instances(String name) {
        declaration(name);
        return all().filter(instance -> instance.name().equals(name) && instance.isRunning())
                .toList();
    }

    /**
     * Starts one more instance of a service, as the first {@link WithService} or {@link TestService} of this name says. Returns
     * when it is registered and passing.
     *
     * @throws IllegalArgumentException when no service of this name was started here
     * @throws IllegalStateException when it did not start
     */
    public RunningInstance start(String name) {
        return startOne(declaration(name));
    }

    /**
     * Starts a service with as many instances as it says. Returns when all are registered and passing.
     *
     * @throws IllegalStateException when one did not start; those before it are running
     */
    public List<RunningInstance> start(TestService service) {
        declare(service);
        List<RunningInstance> instances = new ArrayList<>();
        while (instances.size() < service.instances()) {
            instances.add(startOne(service));
        }
        return List.copyOf(instances);
    }

    private synchronized void declare(TestService service) {
        checkNotEnded();
        declared.add(service);
    }

    private synchronized void checkNotEnded() {
        if (ended) {
            throw new IllegalStateException("These services have ended, with the test or class that had them: take"
                    + " RunningServices as a parameter where it is used.");
        }
    }

    private synchronized RunningInstance startOne(TestService service) {
        checkNotEnded();
        try {
            RunningInstance instance = registry.start(service);
            started.add(instance);
            return instance;
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "An instance of " + service.name() + " did not start: " + e.getMessage(), e);
        }
    }

    /**
     * Starts again what was stopped or has crashed, here and in what is around, and forgets what it replaces. If the registry was
     * closed, so is it, and everything in it.
     */
    void restore() {
        if (registry.isLost()) {
            startAgainWithRegistry();
        }
        restoreAll();
    }

    /** Ends all that runs, starts the registry, and starts as many again. */
    private synchronized void startAgainWithRegistry() {
        // Before there is a registry: each would register there again by itself, sooner or later.
        List<RunningInstance> lost =
                started.stream().filter(RunningInstance::isRunning).toList();
        lost.forEach(RunningInstance::crash);
        started.clear();
        if (outer != null) {
            outer.startAgainWithRegistry();
        } else {
            registry.startAgain();
        }
        lost.forEach(instance -> startOne(instance.service()));
    }

    private void restoreAll() {
        if (outer != null) {
            outer.restoreAll();
        }
        restoreHere();
    }

    private synchronized void restoreHere() {
        List<RunningInstance> ended =
                started.stream().filter(instance -> !instance.isRunning()).toList();
        ended.forEach(registry::remove);
        started.removeAll(ended);
        // The same one may have been started twice.
        Map<TestService, Integer> wanted = new LinkedHashMap<>();
        declared.forEach(service -> wanted.merge(service, service.instances(), Integer::sum));
        wanted.forEach((service, instances) -> {
            long running = started.stream()
                    .filter(instance -> instance.service().equals(service))
                    .count();
            for (long missing = instances - running; missing > 0; missing--) {
                startOne(service);
            }
        });
    }

    /** Ends what was started here, the last first. */
    synchronized void end() {
        ended = true;
        EndSteps steps = new EndSteps();
        for (int i = started.size() - 1; i >= 0; i--) {
            RunningInstance instance = started.get(i);
            steps.take(() -> registry.remove(instance));
        }
        started.clear();
        declared.clear();
        steps.finish("not every instance ended as it should");
    }

    private TestService declaration(String name) {
        checkNotEnded();
        Optional<TestService> found = declarations().stream()
                .filter(service -> service.name().equals(name))
                .findFirst();
        return found.orElseThrow(() -> {
            Set<String> names = new LinkedHashSet<>();
            declarations().forEach(service -> names.add(service.name()));
            return new IllegalArgumentException("no service " + name + " was started here (expected: "
                    + (names.isEmpty() ? "a @WithService, of which there is none" : String.join(", ", names)) + ")");
        });
    }

    private List<TestService> declarations() {
        List<TestService> all = outer == null ? new ArrayList<>() : outer.declarations();
        synchronized (this) {
            all.addAll(declared);
        }
        return all;
    }

    private Stream<RunningInstance> all() {
        Stream<RunningInstance> around = outer == null ? Stream.empty() : outer.all();
        synchronized (this) {
            return Stream.concat(around, List.copyOf(started).stream());
        }
    }
}
