package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pointsman.system.TcpInstance.ByteSum;
import dev.pointsman.testkit.FreePorts;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A TCP route to instances that are killed and replaced, that pour out more than is read, and that end one direction alone: docs/tcp.md. */
@Timeout(300)
class TcpInstancesIT {
    private static final String DATABASE = "database";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int INSTANCES = 3;
    private static final int KILLS = 6;

    /** Of each of the clients that do not read. */
    private static final long POURED = 50_000_000;

    private static final int SLOW_CLIENTS = 30;
    private static final long LARGE = 20_000_000;

    /** What is read of a connection is 64 KiB at a time, and what is written 64 KiB and one read; the rest is the heap's. */
    private static final long MOST_GROWTH = 64L << 20;

    /** How a connection ends on an instance that is killed, or well. Of those that ended before there was an instance there is none. */
    private static final Set<String> OF_THE_KILLED = Set.of("null", "instance-reset", "client-reset");

    @RegisterExtension
    final Cluster cluster = new Cluster();

    private final int port = FreePorts.take();
    private Path folder;
    private Program launcher;

    @BeforeEach
    void instances(@TempDir Path temporary) {
        folder = temporary;
        cluster.startRegistry(0);
        List<String> flags = new ArrayList<>(List.of("--type", DATABASE, "--instances", Integer.toString(INSTANCES)));
        flags.addAll(List.of("--consul", cluster.registry(), "--no-log-files", "--"));
        flags.addAll(Jar.java("-cp", "target/test-classes", TcpInstance.class.getName()));
        launcher = cluster.start(
                "launcher",
                Map.of("XDG_RUNTIME_DIR", folder.toString()),
                Jar.command("run", flags.toArray(String[]::new)));
    }

    private BalancerProcess balancer(String... more) {
        Stream<String> own = Stream.of("--tcp", "127.0.0.1:" + port + "=" + DATABASE);
        BalancerProcess balancer =
                cluster.balancer(Stream.concat(own, Stream.of(more)).toArray(String[]::new));
        balancer.awaitReadyInstances(DATABASE, INSTANCES);
        return balancer;
    }

    private TcpClients clients() {
        TcpClients clients = TcpClients.start(port);
        cluster.beforeTheEnd(clients::close);
        return clients;
    }

    @Test
    void new_connections_fail_on_no_instance_but_those_that_are_killed() throws Exception {
        Path log = folder.resolve("access.log");
        BalancerProcess balancer = balancer("--access-log", log.toString(), "--access-log-format", "json");
        TcpClients clients = clients();
        Set<Long> killed = new HashSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            long victim = awaitServing(clients, killed);
            Program.signal("KILL", victim);
            killed.add(victim);
        }
        awaitServing(clients, killed);
        clients.stop();
        balancer.program().signal("TERM");
        assertThat(balancer.program().awaitExit()).isZero();

        List<JsonNode> notWhole = linesThatAreNotWhole(log);
        assertThat(clients.served().total()).isGreaterThan(10L * KILLS);
        assertThat(notWhole)
                .as("clients saw: %s", clients.failures())
                .hasSizeGreaterThanOrEqualTo(clients.failures().size())
                .allSatisfy(line -> {
                    assertThat(killed.stream().map(clients::id))
                            .contains(line.path("instance").asText());
                    assertThat(OF_THE_KILLED).contains(line.path("failure").asText());
                });
    }

    /** Waits until all instances but these serve, as many as there are to be, and gives one of them. */
    private static long awaitServing(TcpClients clients, Set<Long> killed) {
        AtomicLong one = new AtomicLong();
        Soon.holds(INSTANCES + " instances that serve", () -> {
            Set<Long> serving = new HashSet<>(clients.served().responses().keySet());
            serving.removeAll(killed);
            assertThat(serving).hasSize(INSTANCES);
            one.set(serving.iterator().next());
        });
        return one.get();
    }

    private static List<JsonNode> linesThatAreNotWhole(Path log) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            JsonNode json = JSON.readTree(line);
            if (json.path("responseBytes").asInt() != TcpClients.WHOLE) {
                lines.add(json);
            }
        }
        return lines;
    }

    @Test
    void clients_that_do_not_read_take_no_memory_and_slow_down_no_others() throws Exception {
        BalancerProcess balancer = balancer();
        TcpClients others = clients();
        others.served().awaitMore(500);
        long before = residentBytes(balancer);
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < SLOW_CLIENTS; i++) {
            Socket client = new Socket();
            cluster.beforeTheEnd(() -> close(client));
            client.setReceiveBufferSize(8192);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            client.getOutputStream().write(("pour " + POURED + "\n").getBytes(StandardCharsets.US_ASCII));
            slow.add(client);
        }
        awaitStandstill(balancer, others);
        long soFar = others.slowestMillis();

        others.served().awaitMore(500);

        assertThat(soFar).isLessThan(5_000);
        assertThat(others.slowestMillis()).isLessThan(5_000);
        assertThat(residentBytes(balancer) - before)
                .as("growth of the balancer's memory in bytes")
                .isLessThan(MOST_GROWTH);
        assertThat(others.failures()).isEmpty();
        Socket one = slow.get(0);
        TcpClients.greeted(one);
        ByteSum poured = ByteSum.ofPoured(POURED, OutputStream.nullOutputStream());
        assertThat(ByteSum.of(one.getInputStream())).isEqualTo(poured);
    }

    /** Waits until nothing more comes of those that pour: what else is counted is very little beside it. */
    private static void awaitStandstill(BalancerProcess balancer, TcpClients others) {
        AtomicLong before = new AtomicLong();
        Soon.isTrue("instances to wait", () -> {
            others.served().awaitMore(50);
            long sent = sentBytes(balancer);
            boolean stands = sent > POURED / 100 && sent - before.get() < 64 * 1024;
            before.set(sent);
            return stands;
        });
    }

    private static long sentBytes(BalancerProcess balancer) {
        Matcher counted = Pattern.compile("pointsman_tcp_sent_bytes_total\\{[^}]*} ([0-9.E+]+)")
                .matcher(balancer.admin("/metrics").body());
        return counted.find() ? (long) Double.parseDouble(counted.group(1)) : 0;
    }

    private static long residentBytes(BalancerProcess balancer) throws IOException {
        String status = Files.readString(Path.of("/proc/" + balancer.program().pid() + "/status"));
        return Arrays.stream(status.split("\n"))
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .sum();
    }

    private static void close(Socket client) {
        try {
            client.close();
        } catch (IOException failed) {
            throw new AssertionError("a client's connection cannot be closed", failed);
        }
    }

    @Test
    void a_client_that_has_ended_its_direction_gets_every_byte() throws Exception {
        balancer();
        try (Socket client = TcpClients.connect(port)) {
            client.getOutputStream().write(("pour " + LARGE + "\n").getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            TcpClients.greeted(client);

            ByteSum poured = ByteSum.ofPoured(LARGE, OutputStream.nullOutputStream());
            assertThat(ByteSum.of(client.getInputStream())).isEqualTo(poured);
        }
    }

    @Test
    void an_instance_that_has_ended_its_direction_gets_every_byte() throws Exception {
        balancer();
        ByteSum sent;
        try (Socket client = TcpClients.connect(port)) {
            client.getOutputStream().write("take\n".getBytes(StandardCharsets.US_ASCII));
            TcpClients.greeted(client);
            assertThat(client.getInputStream().read()).isEqualTo(-1);

            sent = ByteSum.ofPoured(LARGE, client.getOutputStream());
        }
        launcher.awaitOutput("what it took", Pattern.compile(sent.toString()));
    }
}
