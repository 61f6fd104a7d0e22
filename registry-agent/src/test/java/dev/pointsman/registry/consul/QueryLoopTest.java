package dev.pointsman.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.registry.RegistryException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueryLoopTest {
    private final Vertx vertx = Vertx.vertx();
    private final TestTime time = new TestTime();
    private final SilentConsul consul = new SilentConsul();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> doubted = new CopyOnWriteArrayList<>();
    private final Tools tools = new Tools(
            vertx,
            consul,
            new ConsulWatchOptions(Duration.ofSeconds(55), Duration.ZERO),
            Clock.systemUTC(),
            time,
            new SplittableRandom(1));

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    /** Never answers by itself, and never times out either. */
    private static final class SilentConsul implements Asker {
        final List<String> questions = new CopyOnWriteArrayList<>();
        final List<Promise<Answer>> answers = new CopyOnWriteArrayList<>();
        final List<String> cancelled = new ArrayList<>();

        @Override
        public Call get(String pathAndQuery, Duration timeout) {
            Promise<Answer> answer = Promise.promise();
            questions.add(pathAndQuery);
            answers.add(answer);
            return new Call() {
                @Override
                public Future<Answer> answer() {
                    return answer.future();
                }

                @Override
                public void cancel() {
                    cancelled.add(pathAndQuery);
                }
            };
        }

        @Override
        public void close() {}
    }

    /** Takes any body; fails by a fault of its own when told to. */
    private final class Listener implements QueryLoop.Follower<String> {
        @Override
        public String read(Buffer body) {
            if (body.toString().equals("unread")) {
                throw new IllegalStateException("on purpose");
            }
            return body.toString();
        }

        @Override
        public boolean isEmpty(String data) {
            return data.isEmpty();
        }

        @Override
        public void answered(String data, long index, boolean doubtful) {
            heard.add(data);
            if (doubtful) {
                doubted.add(data);
            }
            if (data.equals("unheard")) {
                throw new IllegalStateException("on purpose");
            }
        }

        @Override
        public void confirmed() {
            heard.add("confirmed");
        }

        @Override
        public void failed(RegistryException failure) {
            heard.add(failure.kind().toString());
        }
    }

    private void answer(int question, String body) {
        consul.answers
                .get(question)
                .complete(new Asker.Answer(200, "" + (question + 1), 0, false, Buffer.buffer(body)));
    }

    @Test
    void a_question_that_is_never_answered_nor_given_up_is_asked_again() {
        QueryLoop<String> loop = new QueryLoop<>("/v1/x", QueryManner.WATCH, new Listener(), tools);
        loop.start();
        time.pass(Duration.ofSeconds(110));
        loop.restartIfStuck();
        assertThat(consul.cancelled).isEmpty();

        time.pass(Duration.ofSeconds(30));
        loop.restartIfStuck();
        assertThat(consul.cancelled).hasSize(1);
        await().until(() -> {
            time.pass(Duration.ofMillis(1));
            return consul.questions.size() == 2;
        });
        answer(0, "too late");
        answer(1, "in time");
        assertThat(heard).containsExactly("UNREACHABLE", "in time");
        loop.close();
    }

    @Test
    void a_fault_of_our_own_does_not_end_the_loop() {
        QueryLoop<String> loop = new QueryLoop<>("/v1/x", QueryManner.WATCH, new Listener(), tools);
        loop.start();
        answer(0, "unheard");
        answer(1, "unread");
        await().until(() -> consul.questions.size() == 3);
        answer(2, "fine");
        assertThat(heard).containsExactly("unheard", "MALFORMED", "fine");
        loop.close();
    }

    private QueryLoop<String> onDemand() {
        QueryLoop<String> loop = new QueryLoop<>("/v1/x", QueryManner.ON_DEMAND, new Listener(), tools);
        loop.start();
        return loop;
    }

    private void answerWithIndex(int question, long index, String body) {
        consul.answers
                .get(question)
                .complete(new Asker.Answer(200, Long.toString(index), 0, false, Buffer.buffer(body)));
    }

    @Test
    void a_loop_on_demand_asks_without_waiting_and_then_rests_until_it_is_woken() {
        QueryLoop<String> loop = onDemand();
        answerWithIndex(0, 7, "first");
        assertThat(consul.questions).hasSize(1);
        loop.wake(false);
        answerWithIndex(1, 8, "second");
        assertThat(consul.questions).hasSize(2).allMatch(question -> question.contains("index=0&"));
        assertThat(heard).containsExactly("first", "second");
        assertThat(doubted).isEmpty();
        loop.close();
    }

    @Test
    void woken_while_a_question_is_under_way_it_asks_once_more_because_the_answer_may_be_older() {
        QueryLoop<String> loop = onDemand();
        loop.wake(false);
        loop.wake(false);
        assertThat(consul.questions).hasSize(1);
        answerWithIndex(0, 7, "older");
        assertThat(consul.questions).hasSize(2);
        answerWithIndex(1, 8, "newer");
        assertThat(consul.questions).hasSize(2);
        loop.close();
    }

    @Test
    void an_answer_with_the_index_that_is_known_is_not_read() {
        QueryLoop<String> loop = onDemand();
        answerWithIndex(0, 7, "first");
        loop.wake(false);
        answerWithIndex(1, 7, "unread");
        assertThat(heard).containsExactly("first", "confirmed");
        loop.wake(false);
        assertThat(consul.questions).hasSize(3);
        loop.close();
    }

    @Test
    void an_answer_that_was_asked_for_in_doubt_is_read_and_doubted_and_the_next_one_is_not() {
        QueryLoop<String> loop = onDemand();
        answerWithIndex(0, 7, "first");
        loop.wake(true);
        answerWithIndex(1, 7, "after the outage");
        loop.wake(false);
        answerWithIndex(2, 8, "later");
        assertThat(heard).containsExactly("first", "after the outage", "later");
        assertThat(doubted).containsExactly("after the outage");
        loop.close();
    }

    @Test
    void doubt_that_comes_while_a_question_is_under_way_is_about_the_next_answer() {
        QueryLoop<String> loop = onDemand();
        loop.wake(true);
        answerWithIndex(0, 7, "from before");
        answerWithIndex(1, 8, "from after");
        assertThat(doubted).containsExactly("from after");
        loop.close();
    }

    @Test
    void what_was_recalled_with_the_same_index_is_read_all_the_same() {
        QueryLoop<String> loop = new QueryLoop<>("/v1/x", QueryManner.ON_DEMAND, new Listener(), tools);
        loop.recall(7);
        loop.start();
        answerWithIndex(0, 7, "first");
        assertThat(heard).containsExactly("first");
        loop.close();
    }

    @Test
    void a_loop_that_rests_is_not_taken_for_stuck() {
        QueryLoop<String> loop = onDemand();
        answerWithIndex(0, 7, "first");
        time.pass(Duration.ofHours(1));
        loop.restartIfStuck();
        assertThat(heard).containsExactly("first");
        assertThat(consul.questions).hasSize(1);
        loop.close();
    }

    @Test
    void a_closed_loop_cancels_its_question_and_asks_no_more() {
        QueryLoop<String> loop = new QueryLoop<>("/v1/x", QueryManner.WATCH, new Listener(), tools);
        loop.start();
        loop.close();
        answer(0, "too late");
        loop.restartIfStuck();
        assertThat(consul.cancelled).containsExactlyElementsOf(consul.questions);
        assertThat(heard).isEmpty();
    }
}
