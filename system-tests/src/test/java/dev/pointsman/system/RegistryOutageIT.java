package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.testkit.ConsulUnderTest;
import dev.pointsman.testkit.NeedsConsul;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Consul away, and back with nothing in its memory. */
@NeedsConsul
class RegistryOutageIT {
    private final ConsulUnderTest consul = ConsulUnderTest.launch();

    @RegisterExtension
    final Cluster cluster = new Cluster(() -> consul);

    @AfterEach
    void end_consul() {
        consul.close();
    }

    @Test
    void consul_killed_and_started_again_empty_costs_no_request_and_everybody_finds_each_other_again() {
        List<ServiceProcess> services = cluster.services(2, API);
        ServiceProcess[] both = services.toArray(ServiceProcess[]::new);
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 2);
        Load load = cluster.load(balancer, "/api/x");
        load.awaitResponsesFromEach(both);

        consul.kill();

        Soon.holds("word of the outage in the admin API", () -> {
            JsonNode registry = balancer.service(API).path("registry");
            assertThat(registry.path("failures").asInt()).isPositive();
            assertThat(registry.path("lastError").asText()).isNotEmpty();
        });
        load.awaitResponsesOnlyFrom(both);
        assertThat(balancer.admin("/health/ready").status()).isEqualTo(200);
        load.hasNotFailed();

        consul.start();

        awaitRegistered(both);
        long registered = System.nanoTime();
        Soon.holds("the balancer to know them from Consul again", () -> {
            JsonNode service = balancer.service(API);
            assertThat(service.at("/registry/failures").asInt()).isZero();
            assertThat(service.at("/registry/lastError").isNull()).isTrue();
            assertThat(service.path("upstreams")).hasSize(2).allSatisfy(upstream -> assertThat(
                            upstream.path("reason").asText())
                    .isEqualTo("all checks pass"));
        });
        assertThat(Duration.ofNanos(System.nanoTime() - registered)).isLessThan(Duration.ofSeconds(10));

        ServiceProcess late = cluster.service(API);
        load.awaitResponsesFromEach(both[0], both[1], late);
        late.signal("TERM");
        load.awaitResponsesOnlyFrom(both);
        load.endsWithoutFailure();
    }

    private void awaitRegistered(ServiceProcess... services) {
        Soon.holds("the services to register again", () -> {
            for (ServiceProcess service : services) {
                assertThat(cluster.consul().health(API)).containsEntry(service.id(), "passing");
            }
        });
    }

    @Test
    void service_and_balancer_start_while_consul_is_down_and_find_each_other_when_it_comes() {
        consul.kill();

        BalancerProcess balancer = cluster.balancer();
        Response meanwhile = balancer.get("/api/x");
        assertThat(meanwhile.status()).isEqualTo(503);
        assertThat(meanwhile.header("retry-after")).isNotEmpty();
        ServiceProcess service = cluster.service(API);
        assertThat(service.program().output()).contains("not registered yet");

        consul.start();

        Soon.isTrue("a response", () -> balancer.get("/api/x").status() == 200);
        assertThat(balancer.get("/api/x").pid()).isEqualTo(service.pid());
        assertThat(cluster.consul().health(API)).containsOnlyKeys(service.id());
    }

    @Test
    void a_balancer_with_a_view_file_serves_from_its_start_while_consul_is_down_and_through_its_return_empty(
            @TempDir Path folder) {
        String viewFile = folder.resolve("view.json").toString();
        ServiceProcess service = cluster.service(API);
        ServiceProcess gone = cluster.service(API);
        BalancerProcess before = cluster.balancer("--view-file", viewFile);
        before.awaitReadyInstances(API, 2);
        before.program().signal("TERM");
        before.program().awaitExit();
        consul.kill();
        gone.signal("KILL");

        BalancerProcess balancer = cluster.balancer("--view-file", viewFile);

        Load load = cluster.load(balancer, "/api/x");
        load.awaitResponsesOnlyFrom(service);
        assertThat(balancer.upstream(API, service.id()).path("reason").asText()).contains("cache file");

        consul.start();

        Soon.holds("the registry's word", () -> assertThat(
                        balancer.upstream(API, service.id()).path("reason").asText())
                .isEqualTo("all checks pass"));
        load.awaitResponsesOnlyFrom(service);
        load.endsWithoutFailure();
    }

    @Test
    void a_service_ends_in_good_time_while_consul_is_down() {
        ServiceProcess service = cluster.service(API);
        consul.kill();

        service.signal("TERM");

        service.awaitExit();
        assertThat(service.program().output()).contains("was not deregistered");
    }
}
