package dev.pointsman.launcher;

import dev.pointsman.agent.AgentOptions;
import dev.pointsman.agent.MachineAddress;
import dev.pointsman.launcher.api.Output;
import dev.pointsman.launcher.drain.DrainCoordinator;
import dev.pointsman.launcher.drain.RegisteredBalancer;
import dev.pointsman.launcher.drain.VertxBalancerClient;
import dev.pointsman.launcher.loop.ThreadLoop;
import dev.pointsman.launcher.process.LauncherFile;
import dev.pointsman.launcher.process.PortSource;
import dev.pointsman.launcher.process.ProcessPrograms;
import dev.pointsman.launcher.run.InstanceJournal;
import dev.pointsman.launcher.run.LauncherContext;
import dev.pointsman.launcher.run.Registrations;
import dev.pointsman.launcher.run.RegistryView;
import dev.pointsman.launcher.run.VertxHealthProbe;
import dev.pointsman.registry.Registrar;
import dev.pointsman.registry.Registry;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.consul.ConsulRegistrar;
import dev.pointsman.registry.consul.ConsulRegistry;
import dev.pointsman.registry.consul.ConsulWatchOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The construction of the parts that live as long as a launcher, and their end. */
final class LauncherAssembly implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LauncherAssembly.class);

    private final ThreadLoop loop = new ThreadLoop("launcher");
    private final ExecutorService calls = Executors.newCachedThreadPool(daemons("launcher-registrar"));
    private final ExecutorService writer = Executors.newSingleThreadExecutor(daemons("launcher-file"));
    private final Vertx vertx;
    private final Registrar registrar;
    private final Registry registry;
    private final LauncherFile file;
    private final ProcessPrograms programs;
    private final Path runtime;
    private final LauncherContext context;

    /**
     * Constructs everything; the loop runs from then on.
     *
     * @param output takes what programs print, or null to let them have this process's own input and outputs
     * @param runtime the folder of the {@link LauncherFile}
     */
    LauncherAssembly(
            ConsulAddress consul, @Nullable String advertise, @Nullable Output output, PortSource ports, Path runtime)
            throws IOException {
        this.runtime = runtime;
        SplittableRandom random = new SplittableRandom();
        String name = ProcessHandle.current().pid() + "-" + Long.toHexString(random.nextLong());
        String address = address(consul, advertise);
        file = LauncherFile.create(runtime, name);
        registrar = new ConsulRegistrar(consul);
        vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        registry = new ConsulRegistry(vertx, consul, ConsulWatchOptions.DEFAULT);
        programs = new ProcessPrograms(name, Clock.systemUTC(), System::nanoTime);
        RegistryView view = new RegistryView(registry, loop);
        context = new LauncherContext(
                Clock.systemUTC(),
                loop,
                programs,
                ports,
                new VertxHealthProbe(vertx),
                new Registrations(registrar, loop, calls, random.split()),
                view,
                new DrainCoordinator(view::balancers, new VertxBalancerClient(vertx), loop),
                new InstanceJournal(file, writer),
                output,
                name,
                address,
                consul.url());
        loop.execute(() -> view.follow(RegisteredBalancer.SERVICE));
    }

    private static String address(ConsulAddress consul, @Nullable String advertise) {
        AgentOptions options =
                AgentOptions.of("any", null, Map.of()).withConsul(consul).withAdvertise(advertise);
        return MachineAddress.advertised(options);
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    LauncherContext context() {
        return context;
    }

    ProcessPrograms programs() {
        return programs;
    }

    Path runtime() {
        return runtime;
    }

    /** Closes everything; blocks for a moment. Not to be called on the loop, and only when no instance runs any more. */
    @Override
    public void close() {
        loop.close();
        writer.shutdown();
        registry.close();
        registrar.close();
        calls.shutdownNow();
        programs.close();
        try {
            file.delete();
        } catch (IOException e) {
            LOG.warn("The list of instances of this launcher cannot be deleted: {}", e.getMessage());
        }
        vertx.close().onFailure(e -> LOG.warn("Vert.x did not close", e));
    }
}
