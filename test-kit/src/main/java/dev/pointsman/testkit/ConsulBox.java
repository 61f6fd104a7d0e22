package dev.pointsman.testkit;

import java.util.List;

/** What a Consul agent runs in. */
interface ConsulBox extends AutoCloseable {
    /**
     * Starts {@code consul agent} with these arguments; returns at once, before the agent is ready. After {@link #stop}
     * or {@link #kill} it starts again.
     */
    void start(List<String> arguments);

    /** SIGTERM, and waits until it is gone. */
    void stop();

    /** SIGKILL, and waits until it is gone. */
    void kill();

    boolean running();

    /** What the agent has printed. */
    String log();

    /** Takes away everything that is left of it. */
    @Override
    void close();
}
