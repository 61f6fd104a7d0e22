package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.JavaCommand;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority;
import dev.pointsman.testkit.TestAuthority.Issued;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Instances of gRPC that are replaced under calls by HTTP/2, in clear text and over TLS, of one message and of many. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
class GrpcReplacementIT {
    private static final String TYPE = "echo";

    @TempDir
    Path folder = Path.of(".");

    @RegisterExtension
    final Cluster cluster = new Cluster();

    private final List<GrpcLoad> loads = new ArrayList<>();

    @BeforeEach
    void start() {
        Program unused = cluster.startRegistry(0);
        Issued shown = TestAuthority.in(folder, "ca").issue("balancer", "/CN=balancer", "localhost");
        int tls = FreePorts.take();
        BalancerProcess balancer = BalancerProcess.awaitReady(cluster.pointsman(
                "balancer",
                "--consul",
                cluster.registry(),
                "--admin",
                "127.0.0.1:0",
                "--listen",
                "127.0.0.1:0",
                "--listen",
                "127.0.0.1:" + tls + ";tls",
                "--tls",
                shown.cert() + ";key=" + shown.key(),
                "--route",
                "/=" + TYPE + ";proto=grpc"));
        List<String> run = new ArrayList<>(
                List.of("--type", TYPE, "--instances", "2", "--consul", cluster.registry(), "--no-log-files", "--"));
        run.addAll(JavaCommand.ofMain(GrpcProgram.class));
        Program launched = launcher("run", run.toArray(String[]::new));
        balancer.awaitReadyInstances(TYPE, 2);
        assertThat(launched.isAlive()).isTrue();
        loads.add(GrpcLoad.start(balancer.port(), false));
        loads.add(GrpcLoad.start(tls, true));
        loads.forEach(load -> cluster.beforeTheEnd(load::close));
        awaitInstances(Set.of());
    }

    private Program launcher(String command, String... arguments) {
        return cluster.start(
                "launcher-" + command, Map.of("XDG_RUNTIME_DIR", folder.toString()), Jar.command(command, arguments));
    }

    /** Waits until each load has had calls answered by two instances besides these, which it returns. */
    private Set<Long> awaitInstances(Set<Long> others) {
        for (GrpcLoad load : loads) {
            Soon.isTrue("answers of two more instances", () -> {
                Set<Long> more = new HashSet<>(load.responses().keySet());
                more.removeAll(others);
                return more.size() == 2;
            });
        }
        return Set.copyOf(loads.get(0).responses().keySet());
    }

    @Test
    void a_reload_under_calls_fails_none() {
        Set<Long> seen = awaitInstances(Set.of());
        for (int reload = 0; reload < 2; reload++) {
            Program command = launcher("reload", TYPE);
            assertThat(command.awaitExit()).as(command.output()).isZero();
            seen = awaitInstances(seen);
            loads.forEach(GrpcLoad::hasNotFailed);
        }
        loads.forEach(GrpcLoad::endsWithoutFailure);
    }

    /** A call that an instance may have begun is a POST, and is not sent again: those under way there are lost, and no others. */
    @Test
    void an_instance_that_is_killed_costs_the_calls_it_had_and_no_other() {
        long killed = awaitInstances(Set.of()).iterator().next();

        Program.signal("KILL", killed);

        for (GrpcLoad load : loads) {
            load.awaitMore(100L * GrpcLoad.CALLS);
            assertThat(load.takeFailures())
                    .as("calls that were under way")
                    .hasSizeLessThanOrEqualTo(GrpcLoad.CALLS)
                    .allMatch(failure -> failure.contains("in the head 14") || failure.contains("reset"));
            load.awaitMore(100L * GrpcLoad.CALLS);
            load.endsWithoutFailure();
        }
    }
}
