package dev.pointsman.registry.junit;

import dev.pointsman.agent.ServiceAgent;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An instance of a service that a test has running in its own process: where it is, and the ways in which it can end. What is still
 * running at the end of the class or test that started it is stopped then.
 *
 * <p>Thread-safe. {@link #stop()} and {@link #crash()} block, so not on an event loop; after the first of them the other one does
 * nothing.
 */
public final class RunningInstance {
    private final TestService service;
    private final ServiceAgent agent;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private volatile boolean stopped;

    RunningInstance(TestService service, ServiceAgent agent) {
        this.service = service;
        this.agent = agent;
    }

    TestService service() {
        return service;
    }

    /** The service's name in the registry. */
    public String name() {
        return service.name();
    }

    /** The id that it is registered with. */
    public String id() {
        return agent.id();
    }

    /** The port that it listens on, at 127.0.0.1. */
    public int port() {
        return agent.port();
    }

    /** {@code http://127.0.0.1:port}, no slash at the end. */
    public String url() {
        return agent.url();
    }

    /** Whether neither {@link #stop()} nor {@link #crash()} was called. */
    public boolean isRunning() {
        return running.get();
    }

    /**
     * Stops it in order: it is deregistered, goes on serving for 200 ms, finishes what is in flight (within 10 s) and closes its port.
     * Returns when all of it is done.
     */
    public void stop() {
        if (running.compareAndSet(true, false)) {
            stopped = true;
        }
        agent.close();
    }

    /**
     * Crashes it: its port and all its connections are closed at once, and it is not deregistered. It stays registered and becomes
     * critical at its next check, within 200 ms.
     */
    public void crash() {
        running.set(false);
        agent.abort();
    }

    /** Whether it has deregistered itself, or was about to. */
    boolean isStopped() {
        return stopped;
    }

    @Override
    public String toString() {
        return id() + (isRunning() ? "" : stopped ? " (stopped)" : " (crashed)");
    }
}
