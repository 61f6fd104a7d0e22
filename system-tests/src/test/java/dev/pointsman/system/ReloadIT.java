package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.ConsulExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Instances of a program that knows nothing of Pointsman, replaced under load: no request fails, GET or POST. */
class ReloadIT {
    private static final int RELOADS = 4;
    private static final Pattern REGISTRY = Pattern.compile("(http://[^ ]*:\\d+)/v1/catalog/services\\n");

    @TempDir
    Path runtime;

    @Nested
    class WithConsul {
        @RegisterExtension
        static final ConsulExtension consul = new ConsulExtension();

        @RegisterExtension
        final Cluster cluster = new Cluster(consul::get);

        @BeforeEach
        void nothing_is_registered() {
            cluster.consul().deregisterAll();
        }

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
            Program registry = cluster.java(Jar.BALANCER, "registry", "--port", "0");
            String url = registry.awaitOutput("where it serves", REGISTRY).group(1);
            cluster.useRegistry(url);
            reloadUnderLoad(cluster, url);
        }
    }

    private void reloadUnderLoad(Cluster cluster, String consul) {
        BalancerProcess balancer = cluster.balancer();
        Program launcher = launch(cluster, consul);
        balancer.awaitReadyInstances(API, 2);
        Load gets = cluster.load(balancer, "/api/x");
        Load posts = cluster.postingLoad(balancer, "/api/x");

        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < RELOADS; i++) {
            Set<Long> before = pids(balancer);
            assertThat(before).hasSize(2).doesNotContainAnyElementsOf(seen);
            seen.addAll(before);
            Program reload = launcherCommand(cluster, "reload", API);
            assertThat(reload.awaitExit()).as(reload.output()).isZero();
            gets.hasNotFailed();
            posts.hasNotFailed();
        }
        gets.endsWithoutFailure();
        posts.endsWithoutFailure();
        assertThat(seen).noneMatch(ReloadIT::isAlive);

        Set<Long> last = pids(balancer);
        launcher.signal("TERM");
        assertThat(launcher.awaitExit()).isZero();
        assertThat(last).noneMatch(ReloadIT::isAlive);
        balancer.awaitReadyInstances(API, 0);
    }

    private Program launch(Cluster cluster, String consul) {
        List<String> arguments =
                new ArrayList<>(List.of("run", "--type", API, "--instances", "2", "--consul", consul, "--no-log-files"));
        arguments.add("--");
        arguments.addAll(Jar.java("-cp", "target/test-classes", PlainProgram.class.getName()));
        return launcherCommand(cluster, arguments.toArray(String[]::new));
    }

    private Program launcherCommand(Cluster cluster, String... arguments) {
        return cluster.start(
                "launcher-" + arguments[0],
                Map.of("XDG_RUNTIME_DIR", runtime.toString()),
                Jar.LAUNCHER.command(arguments));
    }

    /** Who answers now, found out in as many requests as there may be instances, and a few more. */
    private static Set<Long> pids(BalancerProcess balancer) {
        return new HashSet<>(balancer.pidsOf(6, "/api/x"));
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
