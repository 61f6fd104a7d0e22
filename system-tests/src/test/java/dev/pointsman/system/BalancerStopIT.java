package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.ConsulExtension;
import dev.pointsman.testkit.NeedsConsul;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a balancer takes its leave. */
@NeedsConsul
class BalancerStopIT {
    @RegisterExtension
    static final ConsulExtension consul = new ConsulExtension();

    @RegisterExtension
    final Cluster cluster = new Cluster(consul);

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void told_to_stop_it_is_not_ready_finishes_what_is_under_way_and_ends_with_0(String signal) {
        ServiceProcess service = cluster.service(API);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 1);
        CompletableFuture<Response> slow = balancer.getLater("/api/slow?ms=3000");
        Soon.isTrue(
                "the request to be under way",
                () -> balancer.upstream(API, service.id()).path("inFlight").asInt() == 1);
        assertThat(balancer.admin("/health/ready").status()).isEqualTo(200);

        balancer.program().signal(signal);

        Soon.isTrue("no readiness", () -> balancer.admin("/health/ready").status() == 503);
        assertThat(slow).isNotDone();
        assertThat(slow.join().pid()).isEqualTo(service.pid());
        assertThat(balancer.program().awaitExit()).isZero();
    }

    @Test
    void clients_that_leave_when_they_are_told_see_no_failure() {
        ServiceProcess[] services = cluster.services(2, API).toArray(ServiceProcess[]::new);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 2);
        Load load = cluster.politeLoad(balancer, "/api/x");
        load.awaitResponsesFromEach(services);

        balancer.program().signal("TERM");

        Soon.isTrue("every client to have left", load::isOver);
        load.endsWithoutFailure();
        assertThat(balancer.program().awaitExit()).isZero();
    }

    /** Clients that know nothing of readiness, and connect and send until they are refused. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void no_request_is_lost_that_was_sent_on_a_connection_that_stood(boolean posting) {
        ServiceProcess[] services = cluster.services(2, API).toArray(ServiceProcess[]::new);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 2);
        Load load = posting ? cluster.postingLoad(balancer, "/api/x") : cluster.load(balancer, "/api/x");
        load.awaitResponsesFromEach(services);

        balancer.program().signal("TERM");

        assertThat(balancer.program().awaitExit()).isZero();
        load.endsRefused();
    }

    @Test
    void no_request_in_http2_is_lost_that_was_sent_on_a_connection_that_stood() {
        cluster.services(2, API);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 2);
        try (Http2Load load = Http2Load.start(balancer.port(), "/api/x")) {
            load.awaitMore(500);

            balancer.program().signal("TERM");

            assertThat(balancer.program().awaitExit()).isZero();
            load.endsRefused();
        }
    }
}
