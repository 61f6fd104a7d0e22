package dev.pointsman.client.internal.jdk;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The exchanges of a client that are not over, and whether it takes more of them. Thread-safe. */
final class OpenExchanges {
    private final Set<ServiceExchange<?>> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CountDownLatch terminated = new CountDownLatch(1);
    private final Runnable whenTerminated;
    private volatile boolean shutDown;

    /** @param whenTerminated called once, when it takes no more exchanges and the last one is over */
    OpenExchanges(Runnable whenTerminated) {
        this.whenTerminated = whenTerminated;
    }

    void add(ServiceExchange<?> exchange) throws IOException {
        open.add(exchange);
        if (shutDown) {
            remove(exchange);
            throw new IOException("closed");
        }
    }

    void remove(ServiceExchange<?> exchange) {
        open.remove(exchange);
        endIfLast();
    }

    void shutDown() {
        shutDown = true;
        endIfLast();
    }

    private void endIfLast() {
        if (shutDown && open.isEmpty() && ending.compareAndSet(false, true)) {
            whenTerminated.run();
            terminated.countDown();
        }
    }

    List<ServiceExchange<?>> all() {
        return List.copyOf(open);
    }

    boolean isTerminated() {
        return terminated.getCount() == 0;
    }

    boolean await(Duration time) throws InterruptedException {
        return terminated.await(TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS);
    }
}
