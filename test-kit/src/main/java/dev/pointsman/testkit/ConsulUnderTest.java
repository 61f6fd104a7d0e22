package dev.pointsman.testkit;

import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Consul for tests: one {@code consul agent -dev} on loopback and free ports, ready for requests, empty. For
 * tests that are marked {@link NeedsConsul}, which skips them where there is none. Close it.
 *
 * <p>As a dev agent it keeps everything in memory: {@link #stop} or {@link #kill} and then {@link #start} give an empty
 * Consul on the same port, with an index that went backwards. Not thread-safe, but for {@link #url} and the like.
 */
public final class ConsulUnderTest implements AutoCloseable {
    private static final int TRIES = 5;
    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    /** The configuration of the agent: outputs of checks are visible at once, and Consul does not phone home. */
    private static final String CONFIG = "check_update_interval = \"0s\" disable_update_check = true";

    private final ConsulBox box;
    private final List<String> moreConfig;
    private final RandomGenerator random = new SplittableRandom();
    private ConsulPorts ports = ConsulPorts.free(random);
    private TestHttp http = new TestHttp(url());
    private boolean portsAreKept;

    private ConsulUnderTest(ConsulBox box, String... moreConfig) {
        this.box = box;
        this.moreConfig = List.of(moreConfig);
    }

    /**
     * Starts a Consul from the {@code consul} on PATH, else in Docker.
     *
     * @param moreConfig pieces of the agent's configuration, in HCL
     */
    public static ConsulUnderTest launch(String... moreConfig) {
        return launch(NeedsConsul.Source.ANY, moreConfig);
    }

    /** Starts a Consul from the {@code consul} on PATH and nothing else, see {@link #launch}. */
    public static ConsulUnderTest launchBinary(String... moreConfig) {
        return launch(NeedsConsul.Source.COMMAND, moreConfig);
    }

    /** Starts a Consul in Docker, or skips the test where that is impossible, whatever is required: Docker never is. */
    public static ConsulUnderTest launchContainer(String... moreConfig) {
        return launch(NeedsConsul.Source.CONTAINER, moreConfig);
    }

    private static ConsulUnderTest launch(NeedsConsul.Source source, String... moreConfig) {
        ensureAvailable(source);
        Optional<Path> binary = source == NeedsConsul.Source.CONTAINER ? Optional.empty() : ConsulProcess.binary();
        return launched(binary.<ConsulBox>map(ConsulProcess::new).orElseGet(ConsulContainer::new), moreConfig);
    }

    /** Skips the test, or fails it, where there is no such Consul; fails a test that does not say that it needs one. */
    static void ensureAvailable(NeedsConsul.Source source) {
        if (!NeedsConsulExtension.isAnnotatedTest()) {
            throw new AssertionError("this test starts a Consul, so it or its class has to be marked @NeedsConsul");
        }
        Optional<String> lack = lack(source);
        if (lack.isPresent()) {
            if (source != NeedsConsul.Source.CONTAINER && isRequired()) {
                throw requiredButMissing(lack.get());
            }
            Assumptions.abort(lack.get());
        }
    }

    /** The reason why there is no such Consul, in a sentence; empty when there is one. */
    static Optional<String> lack(NeedsConsul.Source source) {
        if (source == NeedsConsul.Source.CONTAINER) {
            return ConsulContainer.lack();
        }
        if (ConsulProcess.binary().isPresent()) {
            return Optional.empty();
        }
        if (source == NeedsConsul.Source.COMMAND) {
            return Optional.of("No `consul` command on PATH to test with (.ci/run installs one).");
        }
        return ConsulContainer.lack()
                .map(why ->
                        "No Consul to test with: put a `consul` command on PATH (.ci/run installs one), or start Docker."
                                + " No `consul` is on PATH now. " + why);
    }

    static boolean isRequired() {
        return Boolean.parseBoolean(System.getenv("POINTSMAN_REQUIRE_CONSUL"));
    }

    static AssertionError requiredButMissing(String lack) {
        return new AssertionError(lack + " (POINTSMAN_REQUIRE_CONSUL is true, so this is no reason to skip.)");
    }

    private static ConsulUnderTest launched(ConsulBox box, String... moreConfig) {
        ConsulUnderTest consul = new ConsulUnderTest(box, moreConfig);
        try {
            consul.start();
            return consul;
        } catch (Throwable e) {
            consul.close();
            throw e;
        }
    }

    /** The port of the HTTP API, on 127.0.0.1. */
    public int port() {
        return ports.http();
    }

    /** {@code http://127.0.0.1:port}. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public TestHttp http() {
        return http;
    }

    /** The agent's node name, unlike that of any other agent on this machine. */
    public String nodeName() {
        return "consul-" + ports.http();
    }

    /** Starts it again after {@link #stop} or {@link #kill}, on the same port; returns when it is ready. */
    public void start() {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            box.start(arguments());
            if (ready()) {
                portsAreKept = true;
                return;
            }
            box.kill();
            if (!box.log().contains("address already in use")) {
                break;
            }
            if (!portsAreKept) {
                ports = ConsulPorts.free(random);
                http = new TestHttp(url());
            }
        }
        throw new AssertionError("Consul did not become ready at " + url() + ". It printed:\n" + log());
    }

    /**
     * Joins its datacenter to that of another one, both started from the binary; returns when each knows a way to the other. Name
     * the datacenters by {@code datacenter = "dc2"} in the configuration.
     */
    public void joinDatacenterOf(ConsulUnderTest other) {
        int status = http.put("/v1/agent/join/127.0.0.1:" + other.ports.serfWan() + "?wan=1")
                .status();
        if (status != 200) {
            throw new AssertionError("Consul did not join another datacenter (" + status + "). It printed:\n" + log());
        }
        await("two datacenters")
                .atMost(READY_WITHIN)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> hasWayTo(other) && other.hasWayTo(this));
    }

    private boolean hasWayTo(ConsulUnderTest other) {
        String datacenter = other.http
                .get("/v1/agent/self")
                .json()
                .path("Config")
                .path("Datacenter")
                .asText();
        return http.get("/v1/status/leader?dc=" + datacenter).status() == 200;
    }

    /** Stops it as an operator would (SIGTERM): blocked queries get their responses first. */
    public void stop() {
        box.stop();
    }

    /** Kills it (SIGKILL): connections just break. */
    public void kill() {
        box.kill();
    }

    /** The end of the agent's output. */
    public String log() {
        List<String> lines = box.log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    @Override
    public void close() {
        box.close();
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("-dev", "-bind=127.0.0.1", "-client=127.0.0.1"));
        arguments.add("-node=" + nodeName());
        arguments.add("-http-port=" + ports.http());
        arguments.add("-server-port=" + ports.server());
        arguments.add("-serf-lan-port=" + ports.serfLan());
        arguments.add("-serf-wan-port=" + ports.serfWan());
        arguments.add("-dns-port=-1");
        arguments.add("-grpc-port=-1");
        arguments.add("-hcl=" + CONFIG);
        moreConfig.forEach(hcl -> arguments.add("-hcl=" + hcl));
        return arguments;
    }

    private boolean ready() {
        await("Consul's start")
                .atMost(READY_WITHIN)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !box.running() || hasLeaderAndNode());
        return box.running();
    }

    private boolean hasLeaderAndNode() {
        try {
            // An agent that leads has not yet registered itself; before that, registrations have no node to stand on.
            return http.get("/v1/status/leader").body().contains(":")
                    && http.get("/v1/health/node/" + nodeName()).body().contains("serfHealth");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }
}
