package dev.pointsman.launcher.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.plan.CronSchedule;
import dev.pointsman.launcher.plan.InstanceOptions;
import dev.pointsman.launcher.plan.ProcessRules;
import dev.pointsman.launcher.plan.ProcessRules.StopSignal;
import dev.pointsman.launcher.plan.RestartRules;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.process.Program;
import dev.pointsman.launcher.process.Programs.CannotStartException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of other process managers ask of one, without processes, and with a clock that stands still. */
class RestartsAndReadinessTest {
    private final FakeWorld world;
    private final List<String> progress = new ArrayList<>();
    private int givenUp;
    private RunningType type;

    RestartsAndReadinessTest(@TempDir Path folder) throws IOException {
        world = new FakeWorld(folder);
        type = type(RestartRules.DEFAULT, ProcessRules.DEFAULT);
    }

    private RunningType type(RestartRules restart, ProcessRules process) {
        InstanceOptions options = new InstanceOptions(
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                2,
                0,
                3,
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                1);
        ServicePlan plan = ServicePlan.of("api", List.of("app"))
                .instances(2)
                .options(options)
                .restart(restart)
                .process(process)
                .build();
        type = new RunningType(plan, world.context, () -> givenUp++);
        return type;
    }

    @Test
    void a_restart_stops_each_before_it_starts_it_again_one_after_the_other() {
        up(2);
        world.events.clear();

        CompletableFuture<OperationResult> restart = restart();
        world.loop.pass(Duration.ofSeconds(5));

        assertThat(restart.join()).isEqualTo(new OperationResult(true, "2 instances of api restarted."));
        assertThat(world.events.stream().filter(event -> event.startsWith("start") || event.startsWith("end")))
                .containsExactly("end api-h-1", "start api-h-3", "end api-h-2", "start api-h-4");
        assertThat(type.status(FakeWorld.BEGINNING)).allSatisfy(status -> {
            assertThat(status.restarts()).isZero();
            assertThat(Objects.requireNonNull(status.lastReplaced()).reason()).isEqualTo("restart");
        });
        assertThat(progress).contains("api-h-3 is up.", "api-h-4 is up.");
    }

    @Test
    void a_restart_ends_with_the_first_that_does_not_come_up_and_leaves_the_others() {
        up(2);
        world.crashes = true;

        CompletableFuture<OperationResult> restart = restart();
        world.loop.pass(Duration.ofSeconds(5));

        assertThat(restart.join().done()).isFalse();
        assertThat(restart.join().sentence())
                .isEqualTo("Restarting api was stopped: the new instance exited with code 3 before it was up."
                        + " 0 of 2 were restarted; the others go on as they were.");
        assertThat(world.registered()).containsExactly("api-h-2");
    }

    @Test
    void a_restart_starts_what_was_given_up() {
        world.crashes = true;
        CompletableFuture<OperationResult> grown =
                type.inTurn(() -> type.grow(1)).toCompletableFuture();
        world.loop.pass(Duration.ofSeconds(5));
        assertThat(grown.join().done()).isFalse();
        assertThat(states()).containsExactly(InstanceState.FAILED);
        world.crashes = false;

        CompletableFuture<OperationResult> restart = restart();
        world.loop.pass(Duration.ofSeconds(5));

        assertThat(restart.join().done()).isTrue();
        assertThat(states()).containsExactly(InstanceState.RUNNING);
    }

    @Test
    void the_end_of_the_launcher_in_a_restart_starts_nothing_more() {
        up(2);
        CompletableFuture<OperationResult> restart = restart();
        world.loop.pass(Duration.ofMillis(100));

        CompletableFuture<Void> end = type.end("the end").toCompletableFuture();
        world.loop.pass(Duration.ofSeconds(5));

        assertThat(end).isCompleted();
        assertThat(restart.join().done()).isFalse();
        assertThat(world.children).hasSize(2);
        assertThat(world.registered()).isEmpty();
    }

    @Test
    void an_exit_code_that_stops_is_no_reason_to_start_it_again_nor_to_give_it_up() {
        type(new RestartRules(Duration.ofSeconds(30), Duration.ZERO, Set.of(0), null), ProcessRules.DEFAULT);
        up(1);
        Objects.requireNonNull(world.childAt(1)).dies(0);
        world.loop.pass(Duration.ofSeconds(60));

        assertThat(states()).containsExactly(InstanceState.STOPPED);
        assertThat(type.status(FakeWorld.BEGINNING).get(0).reason())
                .isEqualTo("exited with code 0, after which it stays stopped (stop-exit-codes)");
        assertThat(world.children).hasSize(1);
        assertThat(world.registered()).isEmpty();
        assertThat(givenUp).isZero();
    }

    @Test
    void any_other_exit_code_starts_it_again() {
        type(new RestartRules(Duration.ofSeconds(30), Duration.ZERO, Set.of(0), null), ProcessRules.DEFAULT);
        up(1);
        Objects.requireNonNull(world.childAt(1)).dies(1);
        world.loop.pass(Duration.ofSeconds(1));

        assertThat(states()).containsExactly(InstanceState.RUNNING);
    }

    @Test
    void a_restart_waits_for_the_delay_also_the_first_time() {
        type(new RestartRules(Duration.ofSeconds(30), Duration.ofSeconds(4), Set.of(), null), ProcessRules.DEFAULT);
        up(1);
        Objects.requireNonNull(world.childAt(1)).dies(3);
        world.loop.pass(Duration.ofMillis(3900));
        assertThat(states()).containsExactly(InstanceState.BACKOFF);

        world.loop.pass(Duration.ofSeconds(1));

        assertThat(states()).containsExactly(InstanceState.RUNNING);
    }

    @Test
    void ends_after_the_least_uptime_are_none_in_a_row() {
        type(new RestartRules(Duration.ofSeconds(2), Duration.ZERO, Set.of(), null), ProcessRules.DEFAULT);
        up(1);
        for (int port = 1; port <= 10; port++) {
            world.loop.pass(Duration.ofSeconds(3));
            Objects.requireNonNull(world.childAt(port)).dies(3);
            world.loop.settle();
        }
        world.loop.pass(Duration.ofSeconds(1));

        assertThat(states()).containsExactly(InstanceState.RUNNING);
    }

    @Test
    void one_that_is_to_say_that_it_is_ready_is_registered_when_it_has_said_so_and_responds() {
        type(RestartRules.DEFAULT, new ProcessRules("cache is warm", StopSignal.TERM, "N"));
        CompletableFuture<OperationResult> grown =
                type.inTurn(() -> type.grow(1)).toCompletableFuture();
        world.loop.pass(Duration.ofSeconds(2));
        print("api-h-1", "the cache is cold");
        world.loop.pass(Duration.ofSeconds(2));
        assertThat(world.registered()).isEmpty();

        print("api-h-1", "the cache is warm now");
        world.loop.pass(Duration.ofSeconds(1));

        assertThat(world.registered()).containsExactly("api-h-1");
        assertThat(grown.join().done()).isTrue();
    }

    @Test
    void one_that_said_that_it_is_ready_still_has_to_respond() {
        type(RestartRules.DEFAULT, new ProcessRules("ready", StopSignal.TERM, "N"));
        world.responds = false;
        CompletableFuture<OperationResult> grown =
                type.inTurn(() -> type.grow(1)).toCompletableFuture();
        world.loop.settle();
        print("api-h-1", "ready");
        world.loop.pass(Duration.ofSeconds(2));
        assertThat(world.registered()).isEmpty();

        Objects.requireNonNull(world.childAt(1)).responds = true;
        world.loop.pass(Duration.ofSeconds(1));

        assertThat(world.registered()).containsExactly("api-h-1");
        assertThat(grown.join().done()).isTrue();
    }

    @Test
    void one_that_never_says_that_it_is_ready_has_failed_with_what_was_waited_for() {
        type(RestartRules.DEFAULT, new ProcessRules("ready", StopSignal.TERM, "N"));
        CompletableFuture<OperationResult> grown =
                type.inTurn(() -> type.grow(1)).toCompletableFuture();
        world.loop.pass(Duration.ofSeconds(10));

        assertThat(grown.join().sentence())
                .contains(
                        "was not ready within 10 s: it responds, but no line that it printed has \"ready\" (wait-ready)");
        assertThat(world.registered()).isEmpty();
    }

    @Test
    void instances_are_numbered_and_what_takes_the_place_of_one_has_its_number() {
        type(RestartRules.DEFAULT, new ProcessRules(null, StopSignal.TERM, "NODE_APP_INSTANCE"));
        up(2);
        Objects.requireNonNull(world.childAt(1)).dies(3);
        world.loop.pass(Duration.ofSeconds(1));
        CompletableFuture<OperationResult> more =
                type.inTurn(() -> type.grow(3)).toCompletableFuture();
        world.loop.pass(Duration.ofSeconds(1));
        assertThat(more.join().done()).isTrue();

        assertThat(number("api-h-1")).isEqualTo("0");
        assertThat(number("api-h-2")).isEqualTo("1");
        assertThat(number("api-h-3")).isEqualTo("0");
        assertThat(number("api-h-4")).isEqualTo("2");
    }

    @Test
    void the_signal_to_stop_is_the_plan_s() {
        type(RestartRules.DEFAULT, new ProcessRules(null, StopSignal.INT, "N"));
        up(1);

        CompletableFuture<Void> end = type.end("the end").toCompletableFuture();
        world.loop.pass(Duration.ofSeconds(5));

        assertThat(end).isCompleted();
        assertThat(world.events).contains("end api-h-1 by SIGINT");
    }

    @Test
    void a_schedule_reloads_at_its_times_without_a_gap() {
        scheduled("*/10 * * * *");
        up(1);
        world.loop.pass(Duration.ofMinutes(9));
        assertThat(world.children).hasSize(1);

        world.loop.pass(Duration.ofMinutes(2));

        assertThat(world.registered()).containsExactly("api-h-2");
        assertThat(Objects.requireNonNull(
                                type.status(FakeWorld.BEGINNING).get(0).lastReplaced())
                        .reason())
                .isEqualTo("scheduled reload");
        assertThat(type.status(FakeWorld.BEGINNING).get(0).restarts()).isZero();
        world.loop.pass(Duration.ofMinutes(10));
        assertThat(world.registered()).containsExactly("api-h-3");
    }

    @Test
    void a_schedule_leaves_alone_what_was_stopped_by_hand_and_ends_with_its_type() {
        scheduled("*/10 * * * *");
        up(2);
        type.inTurn(() -> type.stop(List.of(type.slots().get(0)), "by hand", new GracefulStop(true, progress::add))
                .thenApply(over -> new OperationResult(true, "")));
        world.loop.pass(Duration.ofMinutes(11));
        assertThat(world.registered()).containsExactly("api-h-3");

        CompletableFuture<Void> end = type.end("the end").toCompletableFuture();
        world.loop.pass(Duration.ofMinutes(30));

        assertThat(end).isCompleted();
        assertThat(world.children).hasSize(3);
    }

    @Test
    void a_reset_has_restarts_count_from_0() {
        up(1);
        Objects.requireNonNull(world.childAt(1)).dies(3);
        world.loop.pass(Duration.ofSeconds(1));
        assertThat(type.status(FakeWorld.BEGINNING).get(0).restarts()).isEqualTo(1);

        type.slots().forEach(Slot::reset);

        assertThat(type.status(FakeWorld.BEGINNING).get(0).restarts()).isZero();
    }

    private void scheduled(String expression) {
        type(
                new RestartRules(
                        Duration.ofSeconds(30), Duration.ZERO, Set.of(), new CronSchedule(expression, ZoneOffset.UTC)),
                ProcessRules.DEFAULT);
        type.followSchedule();
    }

    private void print(String id, String line) {
        Program program = Objects.requireNonNull(world.programs.get(id));
        Objects.requireNonNull(program.output()).accept(line);
        world.loop.settle();
    }

    private String number(String id) {
        try {
            return Objects.requireNonNull(Objects.requireNonNull(world.programs.get(id))
                    .environment()
                    .read()
                    .get("NODE_APP_INSTANCE"));
        } catch (CannotStartException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private void up(int number) {
        CompletableFuture<OperationResult> grown =
                type.inTurn(() -> type.grow(number)).toCompletableFuture();
        world.loop.pass(Duration.ofMillis(100));
        assertThat(grown).isCompletedWithValueMatching(OperationResult::done);
    }

    private CompletableFuture<OperationResult> restart() {
        return type.inTurn(() -> type.restart(type.slots(), progress::add)).toCompletableFuture();
    }

    private List<InstanceState> states() {
        return type.status(FakeWorld.BEGINNING).stream()
                .map(InstanceStatus::state)
                .toList();
    }
}
