package dev.pointsman.agent;

import dev.pointsman.registry.Registrar;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.ServiceRegistration;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registration that is kept on a daemon thread of its own until {@link #stop}: a {@link RegistrationKeeper} for callers
 * that may block. The calls to the registry block that thread, one after the other. Thread-safe.
 */
public final class Registration {
    private static final Logger log = LoggerFactory.getLogger(Registration.class);
    private static final Duration BETWEEN_DEREGISTRATIONS = Duration.ofMillis(250);

    private final Registrar registrar;
    private final ServiceRegistration service;
    private final ScheduledThreadPoolExecutor thread;
    private final RegistrationKeeper keeper;
    private final CountDownLatch attempted = new CountDownLatch(1);

    /**
     * A registration that does nothing before {@link #begin()}.
     *
     * @param registrar is closed by {@link #stop}
     */
    public Registration(Registrar registrar, ServiceRegistration service, RegistrationState state) {
        this.registrar = registrar;
        this.service = service;
        this.thread = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread daemon = new Thread(task, "registration-" + service.id());
                    daemon.setDaemon(true);
                    return daemon;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        this.keeper = new RegistrationKeeper(registrar, service, state, new BlockingLoop(), Registration::onceMore);
    }

    /**
     * The delay before another attempt, made once, when it may help: this is the last chance, and a registry may just
     * be restarting.
     */
    private static @Nullable Duration onceMore(int failures, Kind kind) {
        return failures > 1 || kind == Kind.REJECTED ? null : BETWEEN_DEREGISTRATIONS;
    }

    private final class BlockingLoop implements RegistrationLoop {
        @Override
        public void call(RegistryCall call, CallOutcome outcome) {
            RegistrationLoop.callHere(call, outcome);
        }

        @Override
        public Runnable after(Duration delay, Runnable task) {
            ScheduledFuture<?> scheduled = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        }
    }

    /** Starts to register, and does not wait for anything. To be called once. */
    public void begin() {
        thread.execute(() -> keeper.begin().thenRun(attempted::countDown));
    }

    /**
     * Starts to register and waits until the first attempt has succeeded or failed.
     *
     * @param bound how long to wait at most
     */
    void start(Duration bound) throws InterruptedException {
        begin();
        if (!attempted.await(bound.toNanos(), TimeUnit.NANOSECONDS)) {
            log.warn(
                    "The registry has not responded within {} s; {} serves, and its registration is tried again.",
                    bound.toSeconds(),
                    service.id());
        }
    }

    /**
     * Puts the service into maintenance, in which it stays listed and gets nothing new; does not wait for the registry.
     *
     * @param reason shown by the registry
     */
    public void startMaintenance(String reason) {
        thread.execute(() -> keeper.startMaintenance(reason).exceptionally(refused -> {
            log.debug("{} was not put into maintenance: {}", service.id(), refused.toString());
            return null;
        }));
    }

    /** Whether the registry knew the service when it last responded; false once {@link #stop} has begun. */
    boolean isRegistered() {
        return keeper.isRegistered();
    }

    /**
     * Ends the keeping and leaves the registry as it is: a service that is registered stays so. Returns when the call to the
     * registry that is under way is over or the time is, and then the registrar is closed.
     */
    public void abandon(Duration bound) throws InterruptedException {
        thread.execute(keeper::replaced);
        try {
            keeper.ended().toCompletableFuture().get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.warn("A call to the registry about {} was cut off: it may still arrive.", service.id(), e);
        } finally {
            thread.shutdown();
            registrar.close();
        }
    }

    /**
     * Deregisters the service, after the call to the registry that is under way; returns when that is done or the time is
     * over, and then the registrar is closed.
     */
    public void stop(Duration bound) throws InterruptedException {
        thread.execute(keeper::deregister);
        try {
            keeper.ended().toCompletableFuture().get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            log.warn(
                    "{} was not deregistered: the registry did not respond within {} ms. If it is registered, its check"
                            + " fails from now on, and the registry removes it {} s later.",
                    service.id(),
                    bound.toMillis(),
                    service.check().deregisterAfter().toSeconds());
        } catch (ExecutionException e) {
            log.debug("The keeper has logged why {} was not deregistered", service.id(), e);
        } finally {
            thread.shutdown();
            registrar.close();
        }
    }
}
