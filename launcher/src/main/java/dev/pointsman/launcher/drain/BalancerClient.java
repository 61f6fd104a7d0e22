package dev.pointsman.launcher.drain;

import java.util.concurrent.CompletionStage;

/** The port for questions to balancers. Thread-safe and non-blocking. */
public interface BalancerClient {
    /**
     * Sends one balancer one question.
     *
     * @param admin {@code host:port}
     * @return never fails; a failure is a {@link BalancerReply.NoReply}
     */
    CompletionStage<BalancerReply> ask(String admin, DrainSubject subject);
}
