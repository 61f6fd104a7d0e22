package dev.pointsman.testkit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Three real Consul servers on loopback that elect a leader, each with a folder of its own, so that a killed server
 * comes back with what it knew. From the {@code consul} on PATH alone: mark the test
 * {@code @NeedsConsul(COMMAND)}. Close it. Not thread-safe.
 */
public final class ConsulCluster implements AutoCloseable {
    private static final int SERVERS = 3;
    private static final int TRIES = 5;
    private static final Duration ELECTED_WITHIN = Duration.ofSeconds(60);
    /** The configuration of each server: quick elections, with the timing that Consul advises for production. */
    private static final String CONFIG = "check_update_interval = \"0s\" disable_update_check = true"
            + " leave_on_terminate = false performance { raft_multiplier = 1 }";

    private final List<Server> servers = new ArrayList<>();

    private ConsulCluster() {}

    /** Starts three servers, and waits until they have a leader and know each other. */
    public static ConsulCluster launch() {
        ConsulUnderTest.ensureAvailable(NeedsConsul.Source.COMMAND);
        Optional<Path> binary = ConsulProcess.binary();
        for (int attempt = 1; ; attempt++) {
            ConsulCluster cluster = new ConsulCluster();
            try {
                cluster.start(binary.orElseThrow());
                return cluster;
            } catch (RuntimeException | AssertionError e) {
                String log = cluster.log();
                cluster.close();
                if (attempt == TRIES || !log.contains("address already in use")) {
                    throw new AssertionError("the three servers did not find each other; they printed:\n" + log, e);
                }
            }
        }
    }

    private void start(Path binary) {
        SplittableRandom random = new SplittableRandom();
        for (int number = 0; number < SERVERS; number++) {
            servers.add(new Server(new ConsulProcess(binary), ConsulPorts.free(random)));
        }
        heal();
    }

    /** Starts the servers that do not run, and waits until they have a leader and each has reported to it. */
    public void heal() {
        servers.stream().filter(server -> !server.isRunning()).forEach(Server::start);
        await("an election among three")
                .atMost(ELECTED_WITHIN)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> servers.stream().allMatch(Server::hasReported));
    }

    /** The server that is the leader. */
    public Server leader() {
        String leader = servers.stream()
                .filter(Server::isRunning)
                .map(Server::leader)
                .filter(address -> !address.isEmpty())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no server is the leader"));
        return servers.stream()
                .filter(server -> leader.endsWith(":" + server.ports.server()))
                .findFirst()
                .orElseThrow();
    }

    /** The servers that are not the leader, in a fixed order. */
    public List<Server> followers() {
        Server leader = leader();
        return servers.stream().filter(server -> server != leader).toList();
    }

    /** The end of the output of all servers. */
    public String log() {
        StringBuilder all = new StringBuilder();
        for (Server server : servers) {
            List<String> lines = server.process.log().lines().toList();
            all.append(server.nodeName())
                    .append('\n')
                    .append(String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size())))
                    .append('\n');
        }
        return all.toString();
    }

    @Override
    public void close() {
        servers.forEach(Server::close);
    }

    /** One of the three servers. */
    public final class Server {
        private final ConsulProcess process;
        private final ConsulPorts ports;
        private final TestHttp http;
        private final Path data;

        private Server(ConsulProcess process, ConsulPorts ports) {
            this.process = process;
            this.ports = ports;
            this.http = new TestHttp("http://127.0.0.1:" + ports.http());
            try {
                data = Files.createTempDirectory("consul-cluster");
            } catch (IOException e) {
                throw new UncheckedIOException("no temporary folder for a Consul server", e);
            }
        }

        /** The port of the HTTP API, on 127.0.0.1. */
        public int port() {
            return ports.http();
        }

        public TestHttp http() {
            return http;
        }

        public String nodeName() {
            return "consul-" + ports.http();
        }

        /** Starts the server, with its data from before; returns at once. */
        public void start() {
            List<String> arguments = new ArrayList<>(List.of(
                    "-server", "-bootstrap-expect=" + SERVERS, "-bind=127.0.0.1", "-client=127.0.0.1", "-dns-port=-1"));
            arguments.add("-data-dir=" + data);
            arguments.add("-node=" + nodeName());
            arguments.add("-http-port=" + ports.http());
            arguments.add("-server-port=" + ports.server());
            arguments.add("-serf-lan-port=" + ports.serfLan());
            arguments.add("-serf-wan-port=" + ports.serfWan());
            arguments.add("-grpc-port=-1");
            arguments.add("-hcl=" + CONFIG + " retry_interval = \"1s\"");
            servers.stream()
                    .filter(other -> other != this)
                    .forEach(other -> arguments.add("-retry-join=127.0.0.1:" + other.ports.serfLan()));
            process.start(arguments);
        }

        /** Sends SIGKILL to the server. */
        public void kill() {
            process.kill();
        }

        /** The address of the leader that this server knows; empty when it knows of none. */
        public String leader() {
            try {
                TestHttp.Reply reply = http.get("/v1/status/leader");
                return reply.status() == 200 ? reply.json().asText() : "";
            } catch (UncheckedIOException notThere) {
                return "";
            }
        }

        private boolean isRunning() {
            return process.running();
        }

        /**
         * The leader enters the servers that it hears of by itself. That this one has reached it with facts of its own, as
         * with every registration, shows in what only this one knows. The first try may fail, and the next comes 15 s later.
         */
        private boolean hasReported() {
            return !leader().isEmpty()
                    && http.get("/v1/catalog/node/" + nodeName()).body().contains("consul-network-segment");
        }

        private void close() {
            process.close();
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("left behind: " + data, e);
            }
        }
    }
}
