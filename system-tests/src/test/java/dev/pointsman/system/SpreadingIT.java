package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static dev.pointsman.system.Cluster.WEBAPP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.ConsulExtension;
import dev.pointsman.testkit.NeedsConsul;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which instance gets a request, while all goes well. */
@NeedsConsul
class SpreadingIT {
    @RegisterExtension
    static final ConsulExtension consul = new ConsulExtension();

    @RegisterExtension
    final Cluster cluster = new Cluster(consul);

    @Test
    void each_request_goes_to_the_next_instance_on_new_connections_and_on_one() {
        List<ServiceProcess> services = cluster.services(3, API);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 3);

        // Not at once: on a machine that is too busy a check may fail for a moment.
        Soon.holds("turns on new connections", () -> assertTakenInTurns(services, balancer.pidsOf(9, "/api/anything")));
        Soon.holds("turns on one connection", () -> assertTakenInTurns(services, pidsOnOne(balancer)));
    }

    private static List<Long> pidsOnOne(BalancerProcess balancer) throws IOException {
        List<Long> pids = new ArrayList<>();
        try (KeepAliveClient client = new KeepAliveClient(balancer.port())) {
            for (int i = 0; i < 9; i++) {
                pids.add(client.get("/api/anything").pid());
            }
        }
        return pids;
    }

    private static void assertTakenInTurns(List<ServiceProcess> services, List<Long> pids) {
        int count = services.size();
        assertThat(pids.subList(0, count))
                .containsExactlyInAnyOrderElementsOf(
                        services.stream().map(ServiceProcess::pid).toList());
        for (int i = count; i < pids.size(); i++) {
            assertThat(pids.get(i)).as("request %d of %s", i, pids).isEqualTo(pids.get(i - count));
        }
    }

    @Test
    void the_longest_prefix_wins_and_a_path_without_a_route_is_404() {
        ServiceProcess api = cluster.service(API);
        ServiceProcess v2 = cluster.service("api-v2");
        BalancerProcess balancer = cluster.balancer("--route", "/api=" + API, "--route", "/api/v2=api-v2");
        balancer.awaitReadyInstances(API, 1);
        balancer.awaitReadyInstances("api-v2", 1);

        for (String path : List.of("/api", "/api/", "/api?x=1", "/api/v1/users", "/api/v22")) {
            assertThat(balancer.get(path).pid()).as(path).isEqualTo(api.pid());
        }
        for (String path : List.of("/api/v2", "/api/v2/", "/api/v2?x=1", "/api/v2/users")) {
            assertThat(balancer.get(path).pid()).as(path).isEqualTo(v2.pid());
        }
        for (String path : List.of("/", "/apix", "/other/api", "/api/../other")) {
            assertThat(balancer.get(path).status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void a_route_without_instances_is_503_and_does_not_fall_through_to_a_shorter_prefix() {
        cluster.service(WEBAPP);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(WEBAPP, 1);

        Response response = balancer.get("/api/anything");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("retry-after")).isNotEmpty();
        assertThat(balancer.get("/").status()).isEqualTo(200);
    }

    @Test
    void two_balancers_side_by_side_see_the_same_and_both_spread() {
        List<ServiceProcess> services = new ArrayList<>(cluster.services(2, API));
        BalancerProcess one = cluster.balancer();
        BalancerProcess other = cluster.balancer();
        Load load = cluster.load(one, "/api/x");
        Load otherLoad = cluster.load(other, "/api/x");

        services.add(cluster.service(API));

        ServiceProcess[] all = services.toArray(ServiceProcess[]::new);
        load.awaitResponsesFromEach(all);
        otherLoad.awaitResponsesFromEach(all);
        assertThat(one.states(API)).isEqualTo(other.states(API)).hasSize(3);

        services.get(0).signal("TERM");

        load.awaitResponsesOnlyFrom(all[1], all[2]);
        otherLoad.awaitResponsesOnlyFrom(all[1], all[2]);
        assertThat(one.states(API)).isEqualTo(other.states(API)).hasSize(2);
        load.endsWithoutFailure();
        otherLoad.endsWithoutFailure();
    }

    @Test
    void maintenance_takes_an_instance_out_at_once_and_brings_it_back() {
        List<ServiceProcess> services = cluster.services(2, API);
        ServiceProcess inMaintenance = services.get(0);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 2);

        cluster.consul().maintenance(inMaintenance.id(), true);
        balancer.awaitState(API, inMaintenance.id(), "maintenance");

        assertThat(balancer.pidsOf(6, "/api/x")).containsOnly(services.get(1).pid());

        cluster.consul().maintenance(inMaintenance.id(), false);
        balancer.awaitState(API, inMaintenance.id(), "ready");

        Soon.holds("responses from both", () -> assertThat(balancer.pidsOf(2, "/api/x"))
                .containsExactlyInAnyOrder(inMaintenance.pid(), services.get(1).pid()));
    }

    @Test
    void a_service_registered_by_hand_gets_requests_and_one_without_a_port_hides_no_other() throws IOException {
        ServiceProcess sample = cluster.service(API);
        BalancerProcess balancer = cluster.balancer();
        PlainServer byHand = PlainServer.start("another service");
        cluster.atTheEnd(byHand::close);

        // The name differs: the tag alone brings it to the route.
        cluster.consul()
                .register("{\"ID\": \"by-hand\", \"Name\": \"legacy\", \"Tags\": [\"old\", \"api-service\"],"
                        + " \"Address\": \"127.0.0.1\", \"Port\": " + byHand.port() + "}");
        cluster.consul().register("{\"ID\": \"portless\", \"Name\": \"cron\", \"Tags\": [\"api-service\"]}");
        balancer.awaitReadyInstances(API, 2);

        List<String> bodies =
                List.of(balancer.get("/api/x").body(), balancer.get("/api/x").body());
        assertThat(bodies)
                .containsExactlyInAnyOrder("another service", "api-service response from " + sample.pid() + "\n");
        assertThat(balancer.states(API)).containsKeys("by-hand", sample.id());
    }
}
