package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.client.ServiceAddress;
import dev.pointsman.client.ServiceClient;
import dev.pointsman.testkit.ConsulExtension;
import dev.pointsman.testkit.NeedsConsul;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Instances that come and go in good order while callers without a balancer in between go on: no call fails. */
@NeedsConsul
class CallersThroughScalingIT {
    private static final int RELOADS = 4;

    @RegisterExtension
    static final ConsulExtension consul = new ConsulExtension();

    @RegisterExtension
    final Cluster cluster = new Cluster(consul);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path runtime;

    @Test
    void from_one_to_four_and_back_under_load_every_instance_is_used_and_no_call_fails() {
        List<ServiceProcess> services = new ArrayList<>(List.of(cluster.service(API)));
        ClientLoad load = cluster.load(cluster.serviceClient(options -> options));
        load.responders().awaitResponsesFromEach(services.get(0));

        services.addAll(cluster.services(3, API));
        load.responders().awaitResponsesFromEach(services.toArray(ServiceProcess[]::new));
        load.hasNotFailed();

        while (services.size() > 1) {
            services.remove(0).signal("TERM");
            load.responders().awaitResponsesOnlyFrom(services.toArray(ServiceProcess[]::new));
            load.hasNotFailed();
        }
        load.endsWithoutFailure();
    }

    @Test
    void every_instance_of_a_program_is_replaced_by_its_launcher_and_no_call_fails() {
        Program launcher = launch();
        ServiceClient client = cluster.serviceClient(options -> options);
        Soon.isTrue(
                "two instances",
                () -> client.instances(ServiceAddress.of(API)).upstreams().size() == 2);
        ClientLoad load = cluster.load(client);
        awaitResponders(load, 2);

        for (int reload = 1; reload <= RELOADS; reload++) {
            Program command = launcherCommand("reload", API);
            assertThat(command.awaitExit()).as(command.output()).isZero();
            awaitResponders(load, 2 * (reload + 1));
            load.hasNotFailed();
        }
        load.endsWithoutFailure();
        launcher.signal("TERM");
        assertThat(launcher.awaitExit()).isZero();
    }

    private static void awaitResponders(ClientLoad load, int count) {
        Soon.isTrue(
                "responses from " + count + " instances in all",
                () -> load.responders().responses().size() == count);
    }

    private Program launch() {
        List<String> arguments = new ArrayList<>(List.of(
                "--type", API, "--instances", "2", "--consul", consul.get().url(), "--no-log-files", "--"));
        arguments.addAll(Jar.java("-cp", "target/test-classes", PlainProgram.class.getName()));
        return launcherCommand("run", arguments.toArray(String[]::new));
    }

    private Program launcherCommand(String command, String... arguments) {
        return cluster.start(
                "launcher-" + command, Map.of("XDG_RUNTIME_DIR", runtime.toString()), Jar.command(command, arguments));
    }
}
