package dev.pointsman.balancer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.observe.ObservedAttempt;
import dev.pointsman.balancer.observe.ObservedRequest;
import dev.pointsman.balancer.observe.RequestEnding;
import dev.pointsman.balancer.observe.RequestObserver;
import dev.pointsman.balancer.resilience.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An observer that notes what it is told, for a test's thread. */
public final class NotedRequests implements RequestObserver {
    private static final long PATIENCE_SECONDS = 15;

    private final BlockingQueue<NotedRequest> ended = new LinkedBlockingQueue<>();
    private final List<NotedAttempt> attempts = new ArrayList<>();

    /** What was told of an attempt. */
    public record NotedAttempt(
            String instance,
            int number,
            int status,
            boolean connected,
            boolean reused,
            @Nullable FailureKind failure) {}

    /** What was told of a request, with its attempts. */
    public record NotedRequest(
            String method,
            String uri,
            @Nullable String route,
            @Nullable String service,
            int status,
            RequestEnding ending,
            @Nullable FailureKind failure,
            long requestBytes,
            long responseBytes,
            long durationNanos,
            long waitedNanos,
            long firstByteNanos,
            String id,
            List<NotedAttempt> attempts) {}

    @Override
    public void attemptEnded(ObservedAttempt attempt) {
        attempts.add(new NotedAttempt(
                attempt.upstream().key().id(),
                attempt.number(),
                attempt.status(),
                attempt.isConnected(),
                attempt.isReused(),
                attempt.failure()));
    }

    @Override
    public void requestEnded(ObservedRequest request) {
        ended.add(new NotedRequest(
                request.method(),
                request.uri(),
                request.observedRoute(),
                request.service(),
                request.status(),
                request.ending(),
                request.failure(),
                request.requestBytes(),
                request.responseBytes(),
                request.durationNanos(),
                request.waitedNanos(),
                request.firstByteNanos(),
                request.id(),
                List.copyOf(attempts)));
        attempts.clear();
    }

    /** The next request that is over. */
    public NotedRequest next() throws InterruptedException {
        NotedRequest next = ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("a request that is over").isNotNull();
        return next;
    }

    /** Whether no further request was told of. */
    public boolean isEmpty() {
        return ended.isEmpty();
    }
}
