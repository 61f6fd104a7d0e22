package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.testkit.ConsulExtension;
import dev.pointsman.testkit.NeedsConsul;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What all the tests that say "no request fails" stand on: a load that would notice. */
@NeedsConsul
class LoadIT {
    @RegisterExtension
    static final ConsulExtension consul = new ConsulExtension();

    @RegisterExtension
    final Cluster cluster = new Cluster(consul);

    @Test
    void a_service_that_is_killed_and_was_the_only_one_leaves_failures() {
        ServiceProcess only = cluster.service(API);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 1);
        Load load = cluster.load(balancer, "/api/x");
        load.awaitResponsesFromEach(only);

        only.signal("KILL");

        Soon.isTrue("every client to have failed for good", load::isOver);
        assertThatThrownBy(load::hasNotFailed).hasMessageContaining("status=502");
    }

    @Test
    void a_balancer_that_is_killed_leaves_failures() {
        ServiceProcess service = cluster.service(API);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 1);
        Load load = cluster.politeLoad(balancer, "/api/x");
        load.awaitResponsesFromEach(service);

        balancer.program().signal("KILL");

        Soon.isTrue("every client to have failed for good", load::isOver);
        assertThatThrownBy(load::endsWithoutFailure).hasMessageContaining("failures among");
    }
}
