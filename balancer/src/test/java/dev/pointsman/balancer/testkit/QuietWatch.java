package dev.pointsman.balancer.testkit;

import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A watch on which nothing happens but what a test says. For one thread. */
public final class QuietWatch implements Watch {
    private final String target;
    private final CompletableFuture<ServiceView> first = new CompletableFuture<>();
    private WatchStatus status;

    /** One that has no view yet. */
    public QuietWatch(String target, WatchStatus status) {
        this.target = target;
        this.status = status;
    }

    /** Has its first view come. */
    public void view(ServiceView view) {
        first.complete(view);
    }

    /** Has it be in another state. */
    public void become(WatchStatus other) {
        status = other;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public CompletionStage<ServiceView> firstView() {
        return first.minimalCompletionStage();
    }

    @Override
    public WatchStatus status() {
        return status;
    }

    @Override
    public void close() {}
}
