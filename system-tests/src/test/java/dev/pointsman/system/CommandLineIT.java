package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.ConsulExtension;
import dev.pointsman.testkit.NeedsConsul;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the commands make of their flags and their environment. */
@NeedsConsul
class CommandLineIT {
    @RegisterExtension
    static final ConsulExtension consul = new ConsulExtension();

    @RegisterExtension
    final Cluster cluster = new Cluster(consul);

    @Test
    void consul_http_addr_is_where_both_find_consul() {
        Map<String, String> environment =
                Map.of("CONSUL_HTTP_ADDR", consul.get().url());

        ServiceProcess service = new ServiceProcess(cluster.start("service", environment, Jar.command("service", API)));
        BalancerProcess balancer = BalancerProcess.awaitReady(cluster.start(
                "balancer",
                environment,
                Jar.command("balancer", Cluster.anyPorts().toArray(String[]::new))));

        balancer.awaitReadyInstances(API, 1);
        assertThat(cluster.consul().health(API)).containsOnlyKeys(service.id());
        assertThat(balancer.get("/api/x").pid()).isEqualTo(service.pid());
    }

    @Test
    void bad_flags_of_the_balancer_are_listed_all_at_once() {
        Program program = cluster.pointsman(
                "balancer", "--port", "banana", "--route", "nonsense", "--connect-timeout", "5x", "--consul", "");

        assertThat(program.awaitExit()).isEqualTo(2);
        assertThat(program.output())
                .contains("banana", "nonsense", "5x", "--consul")
                .doesNotContain("Exception", "\tat ");
        assertThat(program.output().lines().filter(line -> line.contains("(expected")))
                .hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void bad_flags_of_a_service_are_listed_all_at_once() {
        Program program = cluster.pointsman("service", API, "--port", "banana", "--busy", "-1", "--consul", "ftp://x");

        assertThat(program.awaitExit()).isEqualTo(2);
        assertThat(program.output()).contains("banana", "-1", "ftp://x").doesNotContain("Exception", "\tat ");
    }

    @Test
    void an_unknown_flag_is_bad_usage() {
        Program balancer = cluster.pointsman("balancer", "--prot", "1");
        Program service = cluster.pointsman("service", API, "--prot", "1");

        assertThat(balancer.awaitExit()).isEqualTo(2);
        assertThat(service.awaitExit()).isEqualTo(2);
        assertThat(balancer.output()).contains("--prot");
        assertThat(service.output()).contains("--prot");
    }

    @Test
    void a_port_in_use_is_said_in_one_sentence() throws IOException {
        PlainServer other = PlainServer.start("here first");
        cluster.atTheEnd(other::close);
        String taken = Integer.toString(other.port());
        String[] adminTaken = {"--host", "127.0.0.1", "--port", "0", "--admin", "127.0.0.1:" + taken};
        String[] portTaken = {"--host", "127.0.0.1", "--admin", "127.0.0.1:0", "--port", taken};

        for (Program program : Stream.of(
                        cluster.pointsman("balancer", withConsul(adminTaken)),
                        cluster.pointsman("balancer", withConsul(portTaken)),
                        cluster.pointsman("service", withConsul(API, "--port", taken)))
                .toList()) {
            assertThat(program.awaitExit()).as(program.name()).isEqualTo(1);
            assertThat(program.output().lines()).as(program.name()).hasSize(1).allSatisfy(line -> assertThat(line)
                    .contains(taken, "in use"));
        }
    }

    private static String[] withConsul(String... flags) {
        return Stream.concat(
                        Stream.of(flags), Stream.of("--consul", consul.get().url()))
                .toArray(String[]::new);
    }

    @Test
    void a_service_without_a_type_shows_its_usage() {
        Program none = cluster.pointsman("service");
        Program blank = cluster.pointsman("service", " ");

        assertThat(none.awaitExit()).isEqualTo(2);
        assertThat(blank.awaitExit()).isEqualTo(2);
        assertThat(none.output()).contains("type", "Usage: pointsman service");
        assertThat(blank.output()).contains("type", "Usage: pointsman service");
    }
}
