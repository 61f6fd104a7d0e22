package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.ConsulExtension;
import dev.pointsman.testkit.NeedsConsul;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances that come and go in good order while requests keep coming: none of them fails. */
@NeedsConsul
class ScalingIT {
    @RegisterExtension
    static final ConsulExtension consul = new ConsulExtension();

    @RegisterExtension
    final Cluster cluster = new Cluster(consul);

    @Test
    void from_one_to_four_and_back_under_load_every_instance_is_used_and_no_request_fails() {
        List<ServiceProcess> services = new ArrayList<>(List.of(cluster.service(API)));
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 1);
        Load load = cluster.load(balancer, "/api/x");
        load.awaitResponsesFromEach(services.get(0));

        services.addAll(cluster.services(3, API));
        load.awaitResponsesFromEach(services.toArray(ServiceProcess[]::new));
        load.hasNotFailed();

        while (services.size() > 1) {
            services.remove(0).signal("TERM");
            load.awaitResponsesOnlyFrom(services.toArray(ServiceProcess[]::new));
            load.hasNotFailed();
        }
        load.endsWithoutFailure();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void a_signal_deregisters_a_service_before_it_ends_and_no_request_fails(String signal) {
        List<ServiceProcess> services = cluster.services(2, API);
        ServiceProcess leaving = services.get(0);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 2);
        Load load = cluster.load(balancer, "/api/x");
        load.awaitResponsesFromEach(services.toArray(ServiceProcess[]::new));
        assertThat(cluster.consul().health(API)).containsKey(leaving.id());

        leaving.signal(signal);

        Soon.holds("the deregistration", () -> assertThat(cluster.consul().health(API))
                .containsOnlyKeys(services.get(1).id()));
        leaving.awaitExit();
        assertThat(leaving.program().output()).contains("Deregistered " + leaving.id());
        load.awaitResponsesOnlyFrom(services.get(1));
        load.endsWithoutFailure();
        assertThat(balancer.states(API)).containsOnlyKeys(services.get(1).id());
    }

    @Test
    void a_slow_request_is_served_by_the_instance_that_is_leaving() {
        ServiceProcess leaving = cluster.service(API);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 1);
        var slow = balancer.getLater("/api/slow?ms=2000");
        Soon.isTrue(
                "the request to be under way",
                () -> balancer.upstream(API, leaving.id()).path("inFlight").asInt() == 1);

        leaving.signal("TERM");

        assertThat(slow.join().pid()).isEqualTo(leaving.pid());
        leaving.awaitExit();
    }
}
