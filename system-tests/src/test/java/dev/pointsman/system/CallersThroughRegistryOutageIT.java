package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.ConsulUnderTest;
import dev.pointsman.testkit.NeedsConsul;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Consul away, and back with nothing in its memory, while callers without a balancer in between go on. */
@NeedsConsul
class CallersThroughRegistryOutageIT {
    private final ConsulUnderTest consul = ConsulUnderTest.launch();

    @RegisterExtension
    final Cluster cluster = new Cluster(() -> consul);

    @AfterEach
    void end_consul() {
        consul.close();
    }

    @Test
    void consul_killed_and_started_again_empty_costs_no_call_and_later_instances_are_found() {
        List<ServiceProcess> services = cluster.services(2, API);
        ServiceProcess[] both = services.toArray(ServiceProcess[]::new);
        ClientLoad load = cluster.load(cluster.serviceClient(options -> options));
        load.responders().awaitResponsesFromEach(both);

        consul.kill();

        load.responders().awaitResponsesOnlyFrom(both);
        load.hasNotFailed();

        consul.start();

        Soon.holds("the services to register again", () -> {
            for (ServiceProcess service : both) {
                assertThat(cluster.consul().health(API)).containsEntry(service.id(), "passing");
            }
        });
        load.responders().awaitResponsesOnlyFrom(both);
        ServiceProcess late = cluster.service(API);
        load.responders().awaitResponsesFromEach(both[0], both[1], late);
        late.signal("TERM");
        load.responders().awaitResponsesOnlyFrom(both);
        load.endsWithoutFailure();
    }
}
