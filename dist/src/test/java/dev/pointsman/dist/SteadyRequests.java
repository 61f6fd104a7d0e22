package dev.pointsman.dist;

import static org.awaitility.Awaitility.await;

import dev.pointsman.testkit.TestHttp;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Requests for a few paths, each by a thread of its own and one after the other, until it is closed. Thread-safe. */
final class SteadyRequests implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong count = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean isClosed;

    private SteadyRequests() {}

    static SteadyRequests start(TestHttp http, String... paths) {
        SteadyRequests requests = new SteadyRequests();
        for (String path : paths) {
            requests.threads.execute(() -> requests.send(http, path));
        }
        return requests;
    }

    private void send(TestHttp http, String path) {
        while (!isClosed) {
            try {
                TestHttp.Reply reply = http.get(path);
                if (reply.status() != 200) {
                    failures.add(path + ": " + reply);
                }
            } catch (UncheckedIOException e) {
                failures.add(path + ": " + e.getMessage());
            }
            count.incrementAndGet();
        }
    }

    /** Waits until that many more requests have been sent. */
    void goOnFor(long more) {
        long until = count.get() + more;
        await("requests").atMost(Duration.ofMinutes(1)).until(() -> count.get() >= until);
    }

    long count() {
        return count.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        isClosed = true;
        threads.shutdown();
        await("the last responses").atMost(Duration.ofMinutes(2)).until(threads::isTerminated);
    }
}
