package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static dev.pointsman.system.Cluster.WEBAPP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.system.Load.LoadKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several balancers as one, behind what spreads connections over those that are ready: docs/several-balancers.md. */
class SeveralBalancersIT {
    private static final List<String> USERS =
            IntStream.range(0, 40).mapToObj(i -> "user-" + i).toList();

    @RegisterExtension
    final Cluster cluster = new Cluster();

    @BeforeEach
    void a_registry() {
        cluster.startRegistry(0);
    }

    @Test
    void a_session_that_began_at_one_goes_on_at_the_same_instance_through_the_other() {
        cluster.services(3, API);
        List<BalancerProcess> two = twoBalancers("--route", "/api=" + API + ";policy=sticky");
        two.forEach(balancer -> balancer.awaitReadyInstances(API, 3));

        for (int session = 0; session < 6; session++) {
            BalancerProcess first = two.get(session % 2);
            Response begun = first.get("/api/x");
            String cookie = "Cookie: " + begun.header("set-cookie").split(";", 2)[0];

            Response goneOn = get(two.get((session + 1) % 2), "/api/x", cookie);

            assertThat(goneOn.pid()).isEqualTo(begun.pid());
            assertThat(goneOn.header("set-cookie")).isEmpty();
        }
    }

    @Test
    void a_key_has_the_same_instance_through_each() {
        cluster.services(3, API);
        List<BalancerProcess> two = twoBalancers("--route", "/api=" + API + ";policy=hash:header:X-User");
        two.forEach(balancer -> balancer.awaitReadyInstances(API, 3));

        Map<String, Long> byOne = instances(two.get(0));

        assertThat(instances(two.get(1))).isEqualTo(byOne);
        assertThat(byOne.values().stream().distinct())
                .as("instances that have keys")
                .hasSizeGreaterThan(1);
    }

    @Test
    void a_canary_has_the_same_users_through_each() {
        ServiceProcess stable = cluster.service(API);
        ServiceProcess canary = cluster.service(API, "--tag", "version=v2", "--tag", "canary=40%");
        List<BalancerProcess> two = twoBalancers("--route", "/api=" + API + ";canary-by=header:X-User");
        two.forEach(balancer -> balancer.awaitReadyInstances(API, 2));

        Map<String, Long> byOne = instances(two.get(0));

        assertThat(instances(two.get(1))).isEqualTo(byOne);
        assertThat(byOne.values()).contains(stable.pid(), canary.pid());
    }

    @ParameterizedTest
    @EnumSource(names = {"GETS", "POSTS"})
    void each_may_leave_and_come_back_under_load_and_no_request_fails(LoadKind kind) throws IOException {
        ServiceProcess[] services = cluster.services(2, API).toArray(ServiceProcess[]::new);
        List<BalancerProcess> balancers = new CopyOnWriteArrayList<>(twoBalancers("--grace", "500ms"));
        TcpFront front = TcpFront.start(() -> ready(balancers));
        cluster.beforeTheEnd(front::close);
        Load load = cluster.loadOn(front.port(), "/api/x", kind);
        load.awaitResponsesFromEach(services);

        for (int i = 0; i < 2; i++) {
            BalancerProcess leaving = balancers.get(i);
            leaving.program().signal("TERM");
            assertThat(leaving.program().awaitExit()).isZero();
            load.awaitMore(100);
            balancers.set(i, cluster.balancer("--grace", "500ms"));
            load.awaitMore(100);
        }

        load.endsWithoutFailure();
    }

    @Test
    void one_that_is_killed_costs_what_was_on_its_connections_and_nothing_after() throws IOException {
        cluster.services(2, WEBAPP);
        List<BalancerProcess> two = twoBalancers();
        TcpFront front = TcpFront.start(() -> ready(two));
        cluster.beforeTheEnd(front::close);
        two.forEach(balancer -> balancer.awaitReadyInstances(WEBAPP, 2));
        Load before = cluster.loadOn(front.port(), "/", LoadKind.GETS);
        before.awaitMore(100);

        two.get(0).program().signal("KILL");
        assertThat(two.get(0).program().awaitExit()).isNotZero();
        before.awaitMore(100);

        assertThat(before.failures()).as("one for each client at the most").isLessThanOrEqualTo(Load.CLIENTS);
        Load after = cluster.loadOn(front.port(), "/", LoadKind.GETS);
        after.awaitMore(100);
        after.endsWithoutFailure();
    }

    private List<BalancerProcess> twoBalancers(String... flags) {
        return List.of(cluster.balancer(flags), cluster.balancer(flags));
    }

    /** As a health check does that asks for readiness, with connections that are refused counted as unready. */
    private static List<Integer> ready(List<BalancerProcess> balancers) {
        List<Integer> ports = new ArrayList<>();
        for (BalancerProcess balancer : balancers) {
            try {
                if (balancer.admin("/health/ready").status() == 200) {
                    ports.add(balancer.port());
                }
            } catch (UncheckedIOException gone) {
                // It has left.
            }
        }
        return ports;
    }

    private static Map<String, Long> instances(BalancerProcess balancer) {
        return USERS.stream()
                .collect(Collectors.toMap(Function.identity(), user -> get(balancer, "/api/x", "X-User: " + user)
                        .pid()));
    }

    private static Response get(BalancerProcess balancer, String path, String field) {
        try (KeepAliveClient client = new KeepAliveClient(balancer.port())) {
            return client.get(path, field);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
