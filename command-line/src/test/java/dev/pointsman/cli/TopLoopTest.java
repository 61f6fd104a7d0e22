package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.TopFrame.Away;
import dev.pointsman.cli.TopLoop.Source;
import dev.pointsman.cli.TopScreen.Event;
import dev.pointsman.cli.run.CommandFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopLoopTest {
    private static final Callable<JsonNode> THERE = () -> Overviews.of(Overviews.well("web", 1));
    private static final Callable<JsonNode> AWAY = () -> {
        throw new CommandFailure("no response");
    };

    private final Deque<Callable<JsonNode>> answers = new ArrayDeque<>();
    private final ShownFrames screen = new ShownFrames();

    @Test
    void while_the_balancer_is_away_the_last_table_stays_and_is_new_again_when_it_is_back() throws Exception {
        answers.addAll(List.of(THERE, AWAY, AWAY, THERE));

        assertThat(run()).isZero();

        assertThat(screen.frames.remove(0)).isEqualTo("asking there\nq quits");
        assertThat(screen.frames).hasSize(4);
        assertThat(screen.frames.get(0)).startsWith("pointsman").contains("web");
        assertThat(screen.frames.get(1))
                .startsWith("AWAY for 1s; what follows is old")
                .contains("web");
        assertThat(screen.frames.get(2))
                .startsWith("AWAY for 2s; what follows is old")
                .contains("web");
        assertThat(screen.frames.get(3)).startsWith("pointsman").contains("web");
    }

    @Test
    void one_that_never_answered_is_1_and_is_asked_again_until_somebody_quits() throws Exception {
        answers.addAll(List.of(AWAY, AWAY));

        assertThat(run()).isEqualTo(1);

        assertThat(screen.frames)
                .containsExactly(
                        "asking there\nq quits",
                        "AWAY for 0s (no response)\nq quits",
                        "AWAY for 1s (no response)\nq quits");
    }

    @Test
    void another_size_is_shown_at_once_without_another_question() throws Exception {
        answers.add(THERE);
        screen.afterAnswers.addAll(List.of(Event.RESIZED, Event.RESIZED));

        assertThat(run()).isZero();

        assertThat(screen.frames).hasSize(4);
        assertThat(screen.frames.subList(1, 4)).allMatch(frame -> frame.contains("web"));
    }

    @Test
    void a_balancer_that_hangs_keeps_nobody_from_quitting() throws Exception {
        answers.add(THERE);
        screen.events.addAll(List.of(Event.TIME, Event.TIME, Event.QUIT));
        List<Runnable> hanging = new ArrayList<>();

        assertThat(run(hanging::add)).isEqualTo(1);

        assertThat(hanging)
                .as("it is not asked a second time before it has answered")
                .hasSize(1);
        assertThat(answers).hasSize(1);
    }

    @Test
    void what_is_no_use_to_try_again_ends_it() {
        answers.add(() -> {
            throw CommandFailure.ofUsage("no URL");
        });

        assertThatThrownBy(this::run).isInstanceOf(CommandFailure.class).hasMessage("no URL");
    }

    private int run() throws Exception {
        return run(Runnable::run);
    }

    private int run(Executor asking) throws Exception {
        Source<JsonNode> source = new Source<>() {
            @Override
            public JsonNode overview() throws CommandFailure {
                try {
                    return answers.remove().call();
                } catch (CommandFailure failure) {
                    throw failure;
                } catch (Exception unexpected) {
                    throw new AssertionError(unexpected);
                }
            }

            @Override
            public List<TopLine> lines(
                    @Nullable JsonNode newest, @Nullable Away away, String wayOut, TerminalSize size) {
                return new TopFrame(newest, "there", away, wayOut).lines(size);
            }
        };
        return new TopLoop<>(source, asking, screen, Duration.ofSeconds(1), () -> screen.nanos).run();
    }

    /** A screen on which somebody quits when there are no more answers, and time passes by waiting alone. */
    private final class ShownFrames implements TopScreen {
        private final List<String> frames = new ArrayList<>();
        private final Deque<Event> events = new ArrayDeque<>();
        private final Deque<Event> afterAnswers = new ArrayDeque<>();
        private long nanos;

        @Override
        public TerminalSize size() {
            return new TerminalSize(true, 100, 30);
        }

        @Override
        public String wayOut() {
            return "q quits";
        }

        @Override
        public void paint(List<TopLine> lines) {
            frames.add(String.join("\n", lines.stream().map(TopLine::text).toList()));
        }

        @Override
        public void wake() {
            events.add(Event.ANSWERED);
            events.addAll(afterAnswers);
            afterAnswers.clear();
        }

        @Override
        public Event await(Duration longest) {
            if (!events.isEmpty()) {
                return events.remove();
            }
            nanos += longest.toNanos();
            return answers.isEmpty() ? Event.QUIT : Event.TIME;
        }
    }
}
