package dev.pointsman.testkit;

import java.util.List;

/** The surroundings that a Consul agent runs in: a process or a container. */
interface ConsulBox extends AutoCloseable {
    /**
     * Starts {@code consul agent} with these arguments; returns at once, before the agent is ready. After {@link #stop}
     * or {@link #kill} it starts again.
     */
    void start(List<String> arguments);

    /** Sends SIGTERM, and waits until the agent has ended. */
    void stop();

    /** Sends SIGKILL, and waits until the agent has ended. */
    void kill();

    boolean running();

    /** The output of the agent so far. */
    String log();

    /** Removes everything that is left of the agent. */
    @Override
    void close();
}
