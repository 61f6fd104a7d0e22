package dev.pointsman.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Consul agent in a Docker container, through Testcontainers. It lives in the host's network, so that the checks it
 * runs reach what a test offers on loopback, and so that it is on the same port after a restart.
 */
final class ConsulContainer implements ConsulBox {
    static final String IMAGE = "hashicorp/consul:1.22";
    /**
     * The start script, as in {@link ConsulProcess}: newer agents open one more port unless it is turned off. Then the
     * agent takes over.
     */
    private static final String SCRIPT =
            "if consul agent -help 2>&1 | grep -q grpc-tls-port; then set -- \"$@\" -grpc-tls-port=-1; fi;"
                    + " exec consul agent \"$@\"";

    private @Nullable GenericContainer<?> container;
    private String launchFailure = "";

    /**
     * The reason why no container can be started, in a sentence; empty when one can. Found out once in the life of this
     * JVM.
     */
    static Optional<String> lack() {
        return Lack.FOUND;
    }

    /** The holder of the reason, initialized on first use. */
    private static final class Lack {
        private static final Optional<String> FOUND = DockerImages.lack(IMAGE);
    }

    @Override
    public void start(List<String> arguments) {
        GenericContainer<?> stopped = container;
        if (stopped != null) {
            stopped.getDockerClient()
                    .startContainerCmd(stopped.getContainerId())
                    .exec();
            return;
        }
        List<String> command = new ArrayList<>(List.of("sh", "-c", SCRIPT, "consul"));
        command.addAll(arguments);
        GenericContainer<?> fresh = new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withNetworkMode("host")
                .withCommand(command.toArray(String[]::new));
        try {
            fresh.start();
            container = fresh;
        } catch (ContainerLaunchException e) {
            launchFailure = launchFailure + e + "\n" + e.getCause() + "\n";
            fresh.stop();
        }
    }

    @Override
    public void stop() {
        GenericContainer<?> running = container;
        if (running != null && running()) {
            running.getDockerClient()
                    .stopContainerCmd(running.getContainerId())
                    .withTimeout(10)
                    .exec();
        }
    }

    @Override
    public void kill() {
        GenericContainer<?> running = container;
        if (running != null && running()) {
            running.getDockerClient().killContainerCmd(running.getContainerId()).exec();
        }
    }

    @Override
    public boolean running() {
        GenericContainer<?> present = container;
        return present != null && present.isRunning();
    }

    @Override
    public String log() {
        GenericContainer<?> present = container;
        return launchFailure + (present == null ? "" : present.getLogs());
    }

    @Override
    public void close() {
        GenericContainer<?> present = container;
        if (present != null) {
            present.stop();
        }
    }
}
