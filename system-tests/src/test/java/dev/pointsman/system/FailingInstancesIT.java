package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.pointsman.testkit.ConsulExtension;
import dev.pointsman.testkit.NeedsConsul;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Instances that die or hang without a word while GETs keep coming: none of these fails. */
@NeedsConsul
class FailingInstancesIT {
    @RegisterExtension
    static final ConsulExtension consul = new ConsulExtension();

    @RegisterExtension
    final Cluster cluster = new Cluster(consul);

    @Test
    void a_killed_instance_costs_no_request_and_is_critical_as_soon_as_its_check_says_so() {
        List<ServiceProcess> services = cluster.services(3, API);
        ServiceProcess killed = services.get(0);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 3);
        Load load = cluster.load(balancer, "/api/x");
        load.awaitResponsesFromEach(services.toArray(ServiceProcess[]::new));

        killed.signal("KILL");
        killed.awaitExit();

        load.awaitResponsesOnlyFrom(services.get(1), services.get(2));
        load.hasNotFailed();
        Soon.holds("the check's result", () -> assertThat(cluster.consul().health(API))
                .containsEntry(killed.id(), "critical"));
        balancer.awaitState(API, killed.id(), "critical");
        load.awaitResponsesOnlyFrom(services.get(1), services.get(2));
        load.endsWithoutFailure();
    }

    @Test
    void an_instance_that_crashes_fails_no_request_but_the_one_that_made_it_crash() throws IOException {
        List<ServiceProcess> services = cluster.services(3, API);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 3);
        Load load = cluster.load(balancer, "/api/x");
        load.awaitResponsesFromEach(services.toArray(ServiceProcess[]::new));
        ServiceProcess crashing = services.get(1);

        // Straight to it: through the balancer, the GET would be tried again and take another one down.
        try (KeepAliveClient client = new KeepAliveClient(crashing.port())) {
            assertThatIOException().isThrownBy(() -> client.get("/crash"));
        }
        crashing.awaitExit();

        load.awaitResponsesOnlyFrom(services.get(0), services.get(2));
        load.endsWithoutFailure();
    }

    @Test
    void a_stopped_instance_holds_two_requests_at_the_most_and_serves_again_when_it_continues() {
        List<ServiceProcess> services = cluster.services(3, API);
        ServiceProcess stopped = services.get(0);
        // The requests that hang are not given up within the test: each must get its response in the end.
        BalancerProcess balancer = cluster.balancer("--response-timeout", "4m");
        balancer.awaitReadyInstances(API, 3);
        Load load = cluster.load(balancer, "/api/x");
        load.awaitResponsesFromEach(services.toArray(ServiceProcess[]::new));

        stopped.signal("STOP");

        load.awaitResponsesOnlyFrom(services.get(1), services.get(2));
        assertThat(balancer.upstream(API, stopped.id()).path("inFlight").asInt())
                .as("requests that hang")
                .isLessThanOrEqualTo(2);
        balancer.awaitState(API, stopped.id(), "critical");
        load.awaitResponsesOnlyFrom(services.get(1), services.get(2));

        stopped.signal("CONT");

        load.awaitResponsesFromEach(services.toArray(ServiceProcess[]::new));
        balancer.awaitState(API, stopped.id(), "ready");
        load.awaitResponsesOnlyFrom(services.toArray(ServiceProcess[]::new));
        load.endsWithoutFailure();
    }
}
