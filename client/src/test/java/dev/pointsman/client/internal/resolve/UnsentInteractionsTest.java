package dev.pointsman.client.internal.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.client.ServiceAddress;
import dev.pointsman.pick.Policy;
import dev.pointsman.pick.PolicyInputs;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Requests of which Vert.x reports nothing after their beginning. */
class UnsentInteractionsTest {
    private static final ServiceAddress API = ServiceAddress.of("api");

    private final AtomicLong now = new AtomicLong();
    private final Upstream upstream = upstream();
    private final UpstreamInteractions interactions = new UpstreamInteractions(new UnsentInteractions(now::get));

    UnsentInteractionsTest() {
        interactions.at(upstream);
    }

    private static Upstream upstream() {
        Pool pool = new Pool(API.toString(), Policy.DEFAULT.make(new PolicyInputs(() -> 0, "")));
        pool.apply(new ServiceView(
                "api",
                List.of(new Instance(
                        new InstanceKey("node", "a"),
                        "api",
                        "127.0.0.1",
                        80,
                        List.of(),
                        Map.of(),
                        Weights.DEFAULT,
                        Health.PASSING,
                        ""))));
        return pool.snapshot().upstreams().get(0);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void another() {
        Interaction next = interactions.initiateRequest();
        interactions.reportRequestBegin(next);
        interactions.reportResponseBegin(next);
        interactions.reportResponseEnd(next);
    }

    @Test
    void a_request_that_is_never_heard_of_again_does_not_count_for_good() {
        interactions.initiateRequest();
        pass(UnsentInteractions.LONGEST.minusMillis(1));
        another();
        assertThat(upstream.inFlight()).isEqualTo(1);
        pass(Duration.ofSeconds(1));
        another();
        assertThat(upstream.inFlight()).isZero();
    }

    @Test
    void one_that_is_sent_after_all_counts_again_until_it_ends() {
        Interaction late = interactions.initiateRequest();
        pass(UnsentInteractions.LONGEST);
        another();
        interactions.reportRequestBegin(late);
        assertThat(upstream.inFlight()).isEqualTo(1);
        interactions.reportResponseEnd(late);
        assertThat(upstream.inFlight()).isZero();
    }

    @Test
    void one_that_was_sent_counts_for_as_long_as_it_takes() {
        Interaction slow = interactions.initiateRequest();
        interactions.reportRequestBegin(slow);
        pass(UnsentInteractions.LONGEST.multipliedBy(2));
        another();
        assertThat(upstream.inFlight()).isEqualTo(1);
        interactions.reportResponseEnd(slow);
        interactions.reportFailure(slow, new IllegalStateException("reported twice"));
        assertThat(upstream.inFlight()).isZero();
    }
}
