package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.TestHttp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same without a Consul: the registry that comes along. */
class EmbeddedRegistryIT {

    @RegisterExtension
    final Cluster cluster = new Cluster();

    @Test
    void a_balancer_with_dev_brings_its_own_registry() {
        BalancerProcess balancer = cluster.devBalancer();

        List<ServiceProcess> services = cluster.services(2, API);
        balancer.awaitReadyInstances(API, 2);

        Soon.holds("responses from both", () -> assertThat(balancer.pidsOf(2, "/api/x"))
                .containsExactlyInAnyOrder(
                        services.get(0).pid(), services.get(1).pid()));

        services.get(0).signal("TERM");
        services.get(0).awaitExit();
        balancer.awaitReadyInstances(API, 1);
        assertThat(balancer.pidsOf(3, "/api/x")).containsOnly(services.get(1).pid());

        balancer.program().signal("TERM");
        assertThat(balancer.program().awaitExit()).isZero();
    }

    @Test
    void the_registry_alone_serves_balancers_and_services_and_notices_a_kill() {
        Program registry = cluster.startRegistry(0);
        List<ServiceProcess> services = cluster.services(2, API);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 2);
        Load load = cluster.load(balancer, "/api/x");
        load.awaitResponsesFromEach(services.get(0), services.get(1));

        services.get(0).signal("KILL");

        balancer.awaitState(API, services.get(0).id(), "critical");
        load.awaitResponsesOnlyFrom(services.get(1));
        load.endsWithoutFailure();

        registry.signal("TERM");
        assertThat(registry.awaitExit()).isZero();
    }

    @Test
    void the_registry_killed_and_started_again_empty_costs_no_request() {
        int port = FreePorts.take();
        Program registry = cluster.startRegistry(port);
        ServiceProcess service = cluster.service(API);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 1);
        Load load = cluster.load(balancer, "/api/x");
        load.awaitResponsesFromEach(service);

        registry.signal("KILL");
        registry.awaitExit();
        Soon.isTrue(
                "word of the outage",
                () -> balancer.service(API).at("/registry/failures").asInt() > 0);
        Program again = cluster.startRegistry(port);
        assertThat(again.isAlive()).isTrue();

        TestHttp http = new TestHttp("http://127.0.0.1:" + port);
        Soon.isTrue(
                "the service to register again",
                () -> http.get("/v1/health/service/" + API).body().contains(service.id()));
        ServiceProcess late = cluster.service(API);
        load.awaitResponsesFromEach(service, late);
        load.endsWithoutFailure();
    }
}
