package dev.pointsman.launcher.drain;

import java.util.concurrent.CompletionStage;

/** Asks balancers. Thread-safe, and does not block. */
public interface BalancerClient {
    /**
     * Asks once.
     *
     * @param admin {@code host:port}
     * @return never fails; what goes wrong is a {@link Reply.Silence}
     */
    CompletionStage<Reply> ask(String admin, Subject subject);
}
