package dev.pointsman.launcher.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.api.LastReplacement;
import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.plan.InstanceOptions;
import dev.pointsman.launcher.plan.Scale;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.plan.TestPlans;
import dev.pointsman.launcher.process.PortHolder;
import dev.pointsman.launcher.process.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a launcher decides, without processes, and with a clock that stands still. */
class RunningTypeTest {
    private static final InstanceOptions RULES = new InstanceOptions(
            Duration.ofSeconds(10), Duration.ofSeconds(1), 2, 0, 3, Duration.ofSeconds(30), Duration.ofSeconds(1), 1);

    private final FakeWorld world;
    private RunningType type;
    private final List<String> progress = new ArrayList<>();
    private int givenUp;

    RunningTypeTest(@TempDir Path folder) throws IOException {
        world = new FakeWorld(folder);
        ServicePlan plan = TestPlans.of("api", 2, RULES, null, List.of("app"));
        type = new RunningType(plan, world.context, () -> givenUp++);
    }

    @Test
    void an_instance_is_registered_when_it_responds_and_not_before() {
        world.responds = false;
        CompletableFuture<OperationResult> grown = grow(1);
        world.loop.pass(Duration.ofSeconds(5));
        assertThat(world.registered()).isEmpty();
        assertThat(states()).containsExactly(InstanceState.STARTING);
        Objects.requireNonNull(world.childAt(1)).responds = true;
        world.loop.pass(Duration.ofSeconds(1));
        assertThat(world.registered()).containsExactly("api-h-1");
        assertThat(states()).containsExactly(InstanceState.RUNNING);
        assertThat(grown.join().done()).isTrue();
    }

    @Test
    void one_that_takes_too_long_has_failed() {
        world.responds = false;
        CompletableFuture<OperationResult> grown = grow(1);
        world.loop.pass(Duration.ofSeconds(10));
        assertThat(grown.join().done()).isFalse();
        assertThat(grown.join().sentence()).contains("was not up within 10 s: connection refused");
        assertThat(world.events).contains("end api-h-1", "start api-h-2");
    }

    @Test
    void one_that_dies_is_deregistered_and_replaced_in_the_same_moment() {
        up(1);
        world.events.clear();
        die(1);
        world.loop.settle();
        assertThat(world.events).containsExactly("deregister api-h-1", "start api-h-2");
        world.loop.pass(Duration.ofSeconds(1));
        assertThat(type.status(Instant.EPOCH)).singleElement().satisfies(status -> {
            assertThat(status.id()).isEqualTo("api-h-2");
            assertThat(status.restarts()).isEqualTo(1);
        });
    }

    @Test
    void one_that_dies_again_and_again_is_waited_for_and_then_given_up() {
        world.crashes = true;
        CompletableFuture<OperationResult> grown = grow(1);
        world.loop.settle();
        assertThat(grown.join().sentence()).contains("exited with code 3 before it was up");
        assertThat(world.events).containsExactly("start api-h-1", "start api-h-2");
        assertThat(states()).containsExactly(InstanceState.BACKOFF);
        assertThat(givenUp).isZero();
        world.loop.pass(Duration.ofMillis(100));
        assertThat(world.events).endsWith("start api-h-3");
        assertThat(givenUp).isEqualTo(1);
        assertThat(type.isGivenUp()).isTrue();
        assertThat(type.status(Instant.EPOCH)).singleElement().satisfies(status -> {
            assertThat(status.state()).isEqualTo(InstanceState.FAILED);
            assertThat(status.reason()).contains("3 failures in a row").contains("exited with code 3");
        });
    }

    @Test
    void one_that_was_well_for_30_s_begins_anew() {
        up(1);
        for (int port = 1; port <= 10; port++) {
            world.loop.pass(Duration.ofSeconds(31));
            die(port);
            world.loop.settle();
        }
        world.loop.pass(Duration.ofSeconds(1));
        assertThat(states()).containsExactly(InstanceState.RUNNING);
    }

    @Test
    void one_that_hangs_is_deregistered_ended_and_replaced() {
        up(1);
        world.events.clear();
        Objects.requireNonNull(world.childAt(1)).responds = false;
        world.loop.pass(Duration.ofSeconds(2));
        assertThat(world.events).isEmpty();
        world.loop.pass(Duration.ofSeconds(2));
        assertThat(world.events)
                .containsExactlyInAnyOrder("deregister api-h-1", "start api-h-2", "end api-h-1", "register api-h-2");
    }

    @Test
    void checks_that_fail_now_and_then_are_no_reason() {
        up(1);
        world.events.clear();
        for (int i = 0; i < 10; i++) {
            Objects.requireNonNull(world.childAt(1)).responds = false;
            world.loop.pass(Duration.ofSeconds(2));
            Objects.requireNonNull(world.childAt(1)).responds = true;
            world.loop.pass(Duration.ofSeconds(2));
        }
        assertThat(world.events).isEmpty();
    }

    @Test
    void a_port_that_another_program_responds_on_is_left_to_it_and_not_held_against_the_program() {
        world.holders.put(1, new PortHolder(PortHolder.HolderKind.ANOTHER, "nginx (process 7)"));
        CompletableFuture<OperationResult> grown = grow(1);
        world.loop.pass(Duration.ofSeconds(1));
        assertThat(grown.join().done()).isTrue();
        assertThat(world.registered()).containsExactly("api-h-2");
        assertThat(type.counts().portsLost()).isEqualTo(1);
        assertThat(type.counts().failedStarts()).isZero();
        assertThat(type.counts().restarts()).isZero();
    }

    @Test
    void a_program_that_ends_because_its_port_is_taken_gets_another_one() {
        world.crashes = true;
        world.portsAreFree = false;
        CompletableFuture<OperationResult> grown = grow(1);
        world.loop.settle();
        assertThat(type.counts().portsLost()).isGreaterThanOrEqualTo(4);
        assertThat(grown.join().sentence()).contains("lost its port to another program, as it did 3 others before");
    }

    @Test
    void a_reload_takes_the_old_one_out_once_the_new_one_is_used_and_ends_it_once_it_is_idle() {
        world.addBalancer("b1");
        up(1);
        world.events.clear();
        CompletableFuture<OperationResult> reload = reload(1);
        world.loop.pass(Duration.ofSeconds(3));
        assertThat(reload.join()).isEqualTo(new OperationResult(true, "1 instance of api replaced."));
        assertThat(world.events.stream().filter(event -> !event.equals("drain")))
                .containsExactly(
                        "start api-h-2",
                        "register api-h-2",
                        "maintenance api-h-1",
                        "deregister api-h-1",
                        "end api-h-1");
        List<String> asked = world.balancers.asked;
        assertThat(asked.indexOf("b1:9901 api-h-2")).isNotNegative().isLessThan(asked.indexOf("b1:9901 api-h-1"));
    }

    @Test
    void an_old_one_is_kept_until_the_balancer_has_nothing_under_way_there() {
        world.addBalancer("b1");
        up(1);
        world.inFlight.put("api-h-1", 4);
        CompletableFuture<OperationResult> reload = reload(1);
        world.loop.pass(Duration.ofSeconds(20));
        assertThat(world.events).contains("maintenance api-h-1").doesNotContain("deregister api-h-1", "end api-h-1");
        assertThat(states()).containsExactly(InstanceState.RUNNING, InstanceState.DRAINING);
        world.inFlight.clear();
        world.tellBalancers();
        world.loop.pass(Duration.ofSeconds(1));
        assertThat(reload.join().done()).isTrue();
        assertThat(world.events).contains("end api-h-1");
    }

    @Test
    void an_old_one_that_never_is_idle_is_ended_all_the_same_and_the_balancer_is_named() {
        world.addBalancer("b1");
        up(1);
        world.inFlight.put("api-h-1", 4);
        CompletableFuture<OperationResult> reload = reload(1);
        world.loop.pass(Duration.ofSeconds(31));
        assertThat(reload.join().done()).isTrue();
        assertThat(world.events).contains("end api-h-1");
        assertThat(progress).anyMatch(line -> line.contains("b1 still uses api-h-1 after 30 s"));
    }

    @Test
    void if_the_new_one_does_not_come_up_the_old_ones_stay_and_it_is_said_why() {
        up(2);
        world.events.clear();
        world.crashes = true;
        CompletableFuture<OperationResult> reload = reload(1);
        world.loop.pass(Duration.ofSeconds(60));
        assertThat(reload.join().done()).isFalse();
        assertThat(reload.join().sentence())
                .contains("api-h-3 exited with code 3 before it was up")
                .contains("0 of 2 were replaced");
        assertThat(progress).contains("api-h-3: its last line");
        assertThat(world.registered()).containsExactly("api-h-1", "api-h-2");
        assertThat(world.events).containsExactly("start api-h-3");
        assertThat(states()).containsExactly(InstanceState.RUNNING, InstanceState.RUNNING);
    }

    @Test
    void a_new_one_that_the_registry_does_not_know_is_no_reason_to_take_the_old_one_out() {
        up(1);
        world.registryIsAway = true;
        CompletableFuture<OperationResult> reload = reload(1);
        world.loop.pass(Duration.ofSeconds(30));
        assertThat(reload.join().done()).isFalse();
        assertThat(reload.join().sentence()).contains("the registry did not list the new instance api-h-2");
        assertThat(states()).containsExactly(InstanceState.RUNNING);
        world.registryIsAway = false;
        world.loop.pass(Duration.ofSeconds(10));
        assertThat(world.registered()).containsExactly("api-h-1");
    }

    @Test
    void an_old_one_that_dies_while_the_new_one_starts_is_not_filled_twice() {
        up(1);
        world.responds = false;
        CompletableFuture<OperationResult> reload = reload(1);
        world.loop.pass(Duration.ofSeconds(1));
        die(1);
        world.loop.pass(Duration.ofSeconds(1));
        Objects.requireNonNull(world.childAt(2)).responds = true;
        world.loop.pass(Duration.ofSeconds(5));
        assertThat(reload.join().done()).isTrue();
        assertThat(world.children).hasSize(2);
        assertThat(world.registered()).containsExactly("api-h-2");
    }

    @Test
    void a_reload_whose_old_one_died_and_whose_new_one_fails_still_fills_the_place() {
        up(1);
        world.responds = false;
        CompletableFuture<OperationResult> reload = reload(1);
        world.loop.pass(Duration.ofSeconds(1));
        die(1);
        world.loop.pass(Duration.ofSeconds(1));
        world.responds = true;
        die(2);
        world.loop.pass(Duration.ofSeconds(5));
        assertThat(reload.join().done()).isFalse();
        assertThat(world.registered()).containsExactly("api-h-3");
    }

    @Test
    void a_batch_is_replaced_side_by_side_and_the_next_one_after_it() {
        up(4);
        world.events.clear();
        CompletableFuture<OperationResult> reload = reload(2);
        world.loop.pass(Duration.ofMillis(500));
        assertThat(world.children.keySet()).contains("api-h-5", "api-h-6").doesNotContain("api-h-7");
        world.loop.pass(Duration.ofSeconds(5));
        assertThat(reload.join().done()).isTrue();
        assertThat(world.registered()).containsExactly("api-h-5", "api-h-6", "api-h-7", "api-h-8");
    }

    @Test
    void operations_on_a_type_wait_for_each_other() {
        up(1);
        CompletableFuture<OperationResult> reload = reload(1);
        CompletableFuture<OperationResult> scale = type.inTurn(
                        () -> type.scale(Scale.parse("0").orElseThrow(), progress::add))
                .toCompletableFuture();
        world.loop.pass(Duration.ofMillis(500));
        assertThat(scale).isNotDone();
        world.loop.pass(Duration.ofSeconds(5));
        assertThat(reload.join().done()).isTrue();
        assertThat(scale.join().done()).isTrue();
        assertThat(world.registered()).isEmpty();
        assertThat(type.slots()).isEmpty();
    }

    @Test
    void scaling_down_takes_those_first_that_do_nothing() {
        up(3);
        type.inTurn(() -> type.stop(List.of(type.slots().get(0)), "by hand", new GracefulStop(true, progress::add))
                .thenApply(over -> new OperationResult(true, "")));
        world.loop.pass(Duration.ofSeconds(5));
        type.inTurn(() -> type.scale(Scale.parse("-1").orElseThrow(), progress::add));
        world.loop.pass(Duration.ofSeconds(5));
        assertThat(world.registered()).containsExactly("api-h-2", "api-h-3");
    }

    @Test
    void what_was_stopped_by_hand_is_not_reloaded() {
        up(2);
        type.inTurn(() -> type.stop(List.of(type.slots().get(0)), "by hand", new GracefulStop(true, progress::add))
                .thenApply(over -> new OperationResult(true, "")));
        world.loop.pass(Duration.ofSeconds(5));
        CompletableFuture<OperationResult> reload = reload(1);
        world.loop.pass(Duration.ofSeconds(5));
        assertThat(reload.join().sentence()).isEqualTo("1 instance of api replaced.");
        assertThat(states()).containsExactly(InstanceState.STOPPED, InstanceState.RUNNING);
    }

    @Test
    void only_what_did_not_run_counts_as_started_and_is_named_by_its_new_id() {
        up(2);
        type.inTurn(() -> type.stop(List.of(type.slots().get(0)), "by hand", new GracefulStop(true, progress::add))
                .thenApply(over -> new OperationResult(true, "")));
        world.loop.pass(Duration.ofSeconds(5));
        progress.clear();
        CompletableFuture<OperationResult> start = start();
        world.loop.pass(Duration.ofMillis(100));
        assertThat(start.join().sentence()).isEqualTo("1 instance of api started.");
        assertThat(progress).containsExactly("api-h-3 is up.");
    }

    @Test
    void a_start_of_what_runs_says_that_it_runs() {
        up(2);
        CompletableFuture<OperationResult> start = start();
        world.loop.settle();
        assertThat(start.join())
                .isEqualTo(new OperationResult(true, "There was nothing to start: 2 instances of api run."));
    }

    @Test
    void a_start_of_a_type_without_instances_says_how_to_get_some() {
        CompletableFuture<OperationResult> start = start();
        world.loop.settle();
        assertThat(start.join().sentence()).isEqualTo("api has no instance to start; scale gives it some.");
    }

    @Test
    void at_the_end_everything_is_deregistered_before_anything_is_ended_and_each_is_asked_once() {
        up(2);
        world.events.clear();
        CompletableFuture<Void> end = type.end("the end").toCompletableFuture();
        world.loop.pass(Duration.ofMillis(500));
        assertThat(world.events.stream().filter(event -> !event.equals("drain")))
                .containsExactly("deregister api-h-1", "deregister api-h-2");
        assertThat(states()).containsExactly(InstanceState.DRAINING, InstanceState.DRAINING);
        type.end("the end, again");
        world.loop.pass(Duration.ofSeconds(5));
        assertThat(end).isCompleted();
        assertThat(world.events.stream().filter(event -> event.startsWith("end")))
                .containsExactlyInAnyOrder("end api-h-1", "end api-h-2");
    }

    @Test
    void the_end_overtakes_a_reload_and_leaves_nothing_of_it() {
        up(1);
        world.responds = false;
        CompletableFuture<OperationResult> reload = reload(1);
        world.loop.pass(Duration.ofSeconds(1));
        CompletableFuture<Void> end = type.end("the end").toCompletableFuture();
        world.loop.pass(Duration.ofSeconds(5));
        assertThat(end).isCompleted();
        assertThat(reload.join().done()).isFalse();
        assertThat(world.events).contains("end api-h-1", "end api-h-2");
        assertThat(world.registered()).isEmpty();
        assertThat(world.children).hasSize(2);
    }

    @Test
    void a_registry_that_is_away_at_the_end_does_not_keep_the_launcher() {
        up(1);
        world.registryIsAway = true;
        CompletableFuture<Void> end = type.end("the end").toCompletableFuture();
        world.loop.pass(Duration.ofSeconds(5));
        assertThat(end).isCompleted();
        assertThat(world.events).contains("end api-h-1");
    }

    @Test
    void one_that_uses_too_much_memory_is_replaced_which_counts_as_a_restart_of_its_slot() {
        InstanceOptions limited = new InstanceOptions(
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                2,
                100 << 20,
                3,
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                1);
        type = new RunningType(TestPlans.of("api", 2, limited, null, List.of("app")), world.context, () -> givenUp++);
        up(2);
        Instant before = world.context.clock().instant();

        type.used(Map.of(1001L, new Usage(0, 101 << 20), 1002L, new Usage(0, 99 << 20)));
        world.loop.pass(Duration.ofSeconds(5));

        assertThat(type.status(Instant.EPOCH)).extracting(InstanceStatus::id).containsExactly("api-h-3", "api-h-2");
        assertThat(type.status(Instant.EPOCH))
                .extracting(InstanceStatus::restarts)
                .containsExactly(1, 0);
        assertThat(type.counts().restarts()).isEqualTo(1);
        assertThat(type.status(Instant.EPOCH).get(0).lastReplaced()).satisfies(last -> {
            assertThat(last.reason()).isEqualTo("it uses 101 MiB, more than 100 MiB");
            assertThat(last.at()).isAfter(before);
        });
        assertThat(type.status(Instant.EPOCH).get(1).lastReplaced()).isNull();
    }

    @Test
    void a_slot_keeps_its_count_when_its_instance_is_reloaded_and_says_why_it_was_replaced_last() {
        up(1);
        die(1);
        world.loop.pass(Duration.ofSeconds(1));
        assertThat(lastReplaced()).isEqualTo("exited with code 3");

        CompletableFuture<OperationResult> reloaded = reload(1);
        world.loop.pass(Duration.ofSeconds(5));

        assertThat(reloaded).isCompletedWithValueMatching(OperationResult::done);
        assertThat(type.status(Instant.EPOCH)).singleElement().satisfies(status -> {
            assertThat(status.id()).isEqualTo("api-h-3");
            assertThat(status.restarts()).isEqualTo(1);
        });
        assertThat(lastReplaced()).isEqualTo("reload");
    }

    private @Nullable String lastReplaced() {
        LastReplacement last = type.status(Instant.EPOCH).get(0).lastReplaced();
        return last == null ? null : last.reason();
    }

    @Test
    void a_registration_that_the_registry_refuses_now_is_sent_again_and_again() {
        world.registryIsAway = true;
        CompletableFuture<OperationResult> grown = grow(1);
        world.loop.pass(Duration.ofSeconds(5));
        assertThat(grown.join().done()).isTrue();
        assertThat(world.registered()).isEmpty();
        world.registryIsAway = false;
        world.loop.pass(Duration.ofSeconds(3));
        assertThat(world.registered()).containsExactly("api-h-1");
    }

    private CompletableFuture<OperationResult> grow(int number) {
        return type.inTurn(() -> type.grow(number)).toCompletableFuture();
    }

    private void up(int number) {
        CompletableFuture<OperationResult> grown = grow(number);
        world.loop.pass(Duration.ofMillis(100));
        assertThat(grown).isCompletedWithValueMatching(OperationResult::done);
    }

    private void die(int port) {
        Objects.requireNonNull(world.childAt(port)).dies(3);
    }

    private CompletableFuture<OperationResult> reload(int batch) {
        return type.inTurn(() -> type.reload(batch, "reload", progress::add)).toCompletableFuture();
    }

    private CompletableFuture<OperationResult> start() {
        return type.inTurn(() -> type.start(type.slots(), progress::add)).toCompletableFuture();
    }

    private List<InstanceState> states() {
        return type.status(Instant.EPOCH).stream().map(InstanceStatus::state).toList();
    }
}
