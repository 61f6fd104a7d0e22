package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.ConsulExtension;
import dev.pointsman.testkit.NeedsConsul;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Instances of a program that knows nothing of Pointsman, replaced under load: no request fails, GET or POST. */
class ReloadIT {
    private static final int RELOADS = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path runtime;

    @Nested
    @NeedsConsul
    class WithConsul {
        @RegisterExtension
        static final ConsulExtension consul = new ConsulExtension();

        @RegisterExtension
        final Cluster cluster = new Cluster(consul);

        @Test
        void every_instance_is_replaced_and_no_request_fails() {
            reloadUnderLoad(cluster, consul.get().url());
        }
    }

    @Nested
    class WithTheEmbeddedRegistry {
        @RegisterExtension
        final Cluster cluster = new Cluster();

        @Test
        void every_instance_is_replaced_and_no_request_fails() {
            Program unused = cluster.startRegistry(0);
            reloadUnderLoad(cluster, cluster.registry());
        }
    }

    private void reloadUnderLoad(Cluster cluster, String consul) {
        BalancerProcess balancer = cluster.balancer();
        Program launcher = launch(cluster, consul);
        balancer.awaitReadyInstances(API, 2);
        Load gets = cluster.load(balancer, "/api/x");
        Load posts = cluster.postingLoad(balancer, "/api/x");

        awaitInstances(gets, 2);

        try (Http2Load newer = Http2Load.start(balancer.port(), "/api/x")) {
            for (int reload = 1; reload <= RELOADS; reload++) {
                Program command = launcherCommand(cluster, "reload", API);
                assertThat(command.awaitExit()).as(command.output()).isZero();
                awaitInstances(gets, 2 * (reload + 1));
                assertThat(gets.responses().keySet())
                        .as("of all instances that were seen, those alive")
                        .filteredOn(ReloadIT::isAlive)
                        .hasSize(2);
                gets.hasNotFailed();
                posts.hasNotFailed();
            }
            newer.endsWithoutFailure();
        }
        gets.endsWithoutFailure();
        posts.endsWithoutFailure();

        launcher.signal("TERM");
        assertThat(launcher.awaitExit()).isZero();
        assertThat(gets.responses().keySet()).noneMatch(ReloadIT::isAlive);
        balancer.awaitReadyInstances(API, 0);
    }

    private static void awaitInstances(Load load, int count) {
        Soon.isTrue(
                "responses from " + count + " instances in all",
                () -> load.responses().size() == count);
    }

    private Program launch(Cluster cluster, String consul) {
        List<String> arguments =
                new ArrayList<>(List.of("--type", API, "--instances", "2", "--consul", consul, "--no-log-files"));
        arguments.add("--");
        arguments.addAll(Jar.java("-cp", "target/test-classes", PlainProgram.class.getName()));
        return launcherCommand(cluster, "run", arguments.toArray(String[]::new));
    }

    private Program launcherCommand(Cluster cluster, String command, String... arguments) {
        return cluster.start(
                "launcher-" + command, Map.of("XDG_RUNTIME_DIR", runtime.toString()), Jar.command(command, arguments));
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
