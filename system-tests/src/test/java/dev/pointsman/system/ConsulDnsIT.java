package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.system.Load.LoadKind;
import dev.pointsman.testkit.ConsulExtension;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.NeedsConsul;
import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsException;
import io.vertx.core.dns.SrvRecord;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Balancers that clients find by Consul's DNS, which lists those that are ready: docs/several-balancers.md. */
@NeedsConsul(NeedsConsul.Source.COMMAND)
class ConsulDnsIT {
    private static final int DNS = FreePorts.take();

    @RegisterExtension
    static final ConsulExtension consul = new ConsulExtension("ports { dns = " + DNS + " }");

    private final Vertx vertx = Vertx.vertx();
    private final DnsClient dns = vertx.createDnsClient(DNS, "127.0.0.1");

    @RegisterExtension
    final Cluster cluster = new Cluster(consul);

    @Test
    void the_name_has_those_that_are_ready_and_one_that_leaves_is_gone_before_its_port_closes() throws IOException {
        cluster.atTheEnd(() -> {
            var unused = vertx.close();
        });
        cluster.services(2, API);
        BalancerProcess one = cluster.balancer();
        BalancerProcess other = cluster.balancer("--grace", "2s");
        Soon.holds("both in DNS", () -> assertThat(ports()).containsExactlyInAnyOrder(one.port(), other.port()));
        TcpFront resolving = TcpFront.start(this::ports);
        cluster.beforeTheEnd(resolving::close);
        Load load = cluster.loadOn(resolving.port(), "/api/x", LoadKind.GETS);
        load.awaitMore(100);

        other.program().signal("TERM");

        Soon.holds("the one that stays in DNS", () -> assertThat(ports()).containsExactly(one.port()));
        assertThat(other.get("/api/x").status()).as("still served").isEqualTo(200);
        assertThat(other.program().awaitExit()).isZero();
        load.awaitMore(100);
        load.endsWithoutFailure();
    }

    /**
     * The ports in the SRV records of the balancers' name (RFC 2782). One question at a time: of two that are under way at once
     * Netty's resolver may lose the second's answer.
     */
    private synchronized List<Integer> ports() {
        try {
            return dns
                    .resolveSRV("pointsman-balancer.service.consul")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get()
                    .stream()
                    .map(SrvRecord::port)
                    .toList();
        } catch (ExecutionException none) {
            if (none.getCause() instanceof DnsException) {
                return List.of();
            }
            throw new AssertionError("Consul's DNS does not respond", none);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
