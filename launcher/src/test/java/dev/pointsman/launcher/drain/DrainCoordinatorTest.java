package dev.pointsman.launcher.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.launcher.loop.ManualLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DrainCoordinatorTest {
    private static final DrainSubject OLD = new DrainSubject("api-1", "n1");
    private static final DrainSubject NEW = new DrainSubject("api-2", "n1");
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final ManualLoop loop = new ManualLoop();
    private final ScriptedBalancers scripted = new ScriptedBalancers();
    private final DrainCoordinator balancers =
            new DrainCoordinator(() -> List.copyOf(scripted.present), scripted, loop);

    @Test
    void an_old_one_is_idle_once_no_balancer_takes_it_or_has_a_request_under_way_there() {
        scripted.add("b1");
        scripted.add("b2");
        scripted.acceptsNew("b1", "api-1", 3);
        scripted.leaves("b2", "api-1", 0);
        CompletableFuture<List<String>> idle = idle();
        loop.pass(Duration.ofSeconds(5));
        assertThat(idle).isNotDone();
        scripted.leaves("b1", "api-1", 1);
        loop.pass(Duration.ofSeconds(5));
        assertThat(idle).isNotDone();
        scripted.leaves("b1", "api-1", 0);
        loop.pass(Duration.ofMillis(100));
        assertThat(idle).isCompletedWithValue(List.of());
    }

    @Test
    void a_balancer_that_does_not_know_it_any_more_is_done_with_it() {
        scripted.add("b1");
        CompletableFuture<List<String>> idle = idle();
        loop.pass(PAUSE);
        assertThat(idle).isCompletedWithValue(List.of());
    }

    @Test
    void programs_that_call_it_without_a_balancer_have_the_pause_whatever_balancers_say() {
        scripted.add("b1");
        scripted.leaves("b1", "api-1", 0);
        CompletableFuture<List<String>> idle = idle();
        loop.pass(PAUSE.minusMillis(1));
        assertThat(idle).isNotDone();
        loop.pass(Duration.ofMillis(1));
        assertThat(idle).isCompletedWithValue(List.of());
    }

    @Test
    void requests_of_an_instance_that_left_the_pools_still_count() {
        scripted.add("b1");
        scripted.says("b1", "api-1", new BalancerReply.InstanceUse(false, false, 1));
        CompletableFuture<List<String>> idle = idle();
        loop.pass(Duration.ofSeconds(5));
        assertThat(idle).isNotDone();
    }

    @Test
    void the_wait_has_an_end_and_says_which_balancer_it_was() {
        scripted.add("b1");
        scripted.leaves("b1", "api-1", 1);
        CompletableFuture<List<String>> idle = idle();
        loop.pass(BOUND.plusMillis(100));
        assertThat(idle.join())
                .singleElement()
                .asString()
                .contains("b1")
                .contains("still uses api-1")
                .contains("30 s");
    }

    @Test
    void without_a_balancer_there_is_a_pause() {
        CompletableFuture<List<String>> idle = idle();
        loop.pass(PAUSE.minusMillis(1));
        assertThat(idle).isNotDone();
        loop.pass(Duration.ofMillis(1));
        assertThat(idle).isCompletedWithValue(List.of());
    }

    @Test
    void a_balancer_that_does_not_respond_is_asked_three_times_and_then_given_a_pause() {
        scripted.add("b1");
        scripted.says("b1", "api-1", new BalancerReply.NoReply("connection refused"));
        CompletableFuture<List<String>> idle = idle();
        loop.pass(Duration.ofMillis(200));
        assertThat(scripted.asked).hasSize(3);
        assertThat(idle).isNotDone();
        loop.pass(PAUSE);
        assertThat(idle.join())
                .singleElement()
                .asString()
                .contains("b1")
                .contains("connection refused")
                .contains("1 s");
        assertThat(scripted.asked).hasSize(3);
    }

    @Test
    void one_that_does_not_respond_is_no_reason_not_to_wait_for_the_others() {
        scripted.add("b1");
        scripted.add("b2");
        scripted.says("b1", "api-1", new BalancerReply.NoReply("connection refused"));
        scripted.leaves("b2", "api-1", 1);
        CompletableFuture<List<String>> idle = idle();
        loop.pass(Duration.ofSeconds(10));
        assertThat(idle).isNotDone();
        scripted.leaves("b2", "api-1", 0);
        loop.pass(Duration.ofMillis(100));
        assertThat(idle.join()).singleElement().asString().contains("b1");
    }

    @Test
    void a_missing_response_between_responds_is_forgiven() {
        scripted.add("b1");
        scripted.leaves("b1", "api-1", 1);
        CompletableFuture<List<String>> idle = idle();
        for (int i = 0; i < 5; i++) {
            scripted.says("b1", "api-1", new BalancerReply.NoReply("busy"));
            loop.pass(Duration.ofMillis(150));
            scripted.leaves("b1", "api-1", 1);
            loop.pass(Duration.ofMillis(300));
        }
        scripted.leaves("b1", "api-1", 0);
        loop.pass(Duration.ofMillis(200));
        assertThat(idle).isCompletedWithValue(List.of());
    }

    @Test
    void an_old_balancer_is_given_a_pause() {
        scripted.add("b1");
        scripted.says("b1", "api-1", new BalancerReply.TooOld());
        CompletableFuture<List<String>> idle = idle();
        loop.pass(PAUSE);
        assertThat(idle.join()).singleElement().asString().contains("too old");
        assertThat(scripted.asked).hasSize(1);
    }

    @Test
    void a_balancer_that_says_no_address_is_given_a_pause_too() {
        scripted.present.add(new RegisteredBalancer("b1", null));
        CompletableFuture<List<String>> idle = idle();
        loop.pass(PAUSE);
        assertThat(idle.join()).hasSize(1);
        assertThat(scripted.asked).isEmpty();
    }

    @Test
    void a_balancer_that_is_stopped_meanwhile_is_not_waited_for() {
        scripted.add("b1");
        scripted.leaves("b1", "api-1", 1);
        CompletableFuture<List<String>> idle = idle();
        loop.pass(Duration.ofSeconds(1));
        scripted.says("b1", "api-1", new BalancerReply.NoReply("connection refused"));
        scripted.present.clear();
        loop.pass(Duration.ofMillis(100));
        assertThat(idle).isCompletedWithValue(List.of());
    }

    @Test
    void a_new_one_is_served_once_every_balancer_that_has_the_old_one_takes_it() {
        scripted.add("b1");
        scripted.acceptsNew("b1", "api-1", 0);
        CompletableFuture<List<String>> served = served();
        loop.pass(Duration.ofSeconds(1));
        assertThat(served).isNotDone();
        scripted.leaves("b1", "api-2", 0);
        loop.pass(Duration.ofSeconds(1));
        assertThat(served).isNotDone();
        scripted.acceptsNew("b1", "api-2", 0);
        loop.pass(Duration.ofMillis(100));
        assertThat(served).isCompletedWithValue(List.of());
    }

    @Test
    void a_balancer_without_a_route_to_the_type_is_not_waited_for() {
        scripted.add("b1");
        CompletableFuture<List<String>> served = served();
        loop.settle();
        assertThat(served).isCompletedWithValue(List.of());
    }

    @Test
    void a_balancer_that_never_takes_the_new_one_is_named_after_10_s() {
        scripted.add("b1");
        scripted.acceptsNew("b1", "api-1", 0);
        CompletableFuture<List<String>> served = served();
        loop.pass(Duration.ofSeconds(11));
        assertThat(served.join()).singleElement().asString().contains("b1").contains("does not use api-2");
    }

    @Test
    void no_balancer_is_asked_more_often_than_every_20_ms() {
        scripted.add("b1");
        scripted.leaves("b1", "api-1", 1);
        CompletableFuture<List<String>> idle = idle();
        loop.pass(Duration.ofSeconds(1));
        assertThat(idle).isNotDone();
        assertThat(scripted.asked).hasSizeBetween(10, 20);
    }

    private CompletableFuture<List<String>> idle() {
        return balancers.idle(OLD, BOUND, PAUSE).toCompletableFuture();
    }

    private CompletableFuture<List<String>> served() {
        return balancers.served(NEW, OLD, PAUSE).toCompletableFuture();
    }
}
