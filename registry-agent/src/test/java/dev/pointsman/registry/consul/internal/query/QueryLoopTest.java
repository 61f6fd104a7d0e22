package dev.pointsman.registry.consul.internal.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.testkit.ManualTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueryLoopTest {
    private final Vertx vertx = Vertx.vertx();
    private final ManualTime time = new ManualTime();
    private final SilentConsul consul = new SilentConsul();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> doubted = new CopyOnWriteArrayList<>();
    private final WatchContext context = new WatchContext(
            vertx,
            consul,
            (host, port) -> Future.succeededFuture(true),
            Duration.ofSeconds(55),
            Duration.ZERO,
            Clock.systemUTC(),
            time::nanos,
            new SplittableRandom(1));

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    /** Never responses by itself, and never times out either. */
    private static final class SilentConsul implements ConsulTransport {
        final List<String> requests = new CopyOnWriteArrayList<>();
        final List<Promise<ListResponse>> responses = new CopyOnWriteArrayList<>();
        final List<String> cancelled = new ArrayList<>();

        @Override
        public @Nullable String datacenter() {
            return null;
        }

        @Override
        public ConsulCall get(String pathAndQuery, Duration timeout) {
            Promise<ListResponse> response = Promise.promise();
            requests.add(pathAndQuery);
            responses.add(response);
            return new ConsulCall() {
                @Override
                public Future<ListResponse> response() {
                    return response.future();
                }

                @Override
                public void cancel() {
                    cancelled.add(pathAndQuery);
                }
            };
        }

        @Override
        public ConsulCall put(String pathAndQuery, Buffer content, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ConsulCall delete(String pathAndQuery, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Void> knock(Duration timeout) {
            return Future.failedFuture("silent");
        }

        @Override
        public void reconnect() {}

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
        public @Nullable Future<Optional<Doubt>> review(String data, long index, boolean filtered) {
            return null;
        }

        @Override
        public void responded(String data, long index, @Nullable Doubt doubt) {
            heard.add(data);
            if (doubt != null) {
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

    private void respond(int request, String body) {
        consul.responses
                .get(request)
                .complete(new ConsulTransport.ListResponse(200, "" + (request + 1), false, false, Buffer.buffer(body)));
    }

    @Test
    void a_request_that_is_never_responded_to_nor_given_up_is_asked_again() {
        QueryLoop<String> loop =
                new QueryLoop<>(ListQuery.ofServices("/v1/x"), QueryMode.WATCH, new Listener(), context);
        loop.start();
        time.pass(Duration.ofSeconds(110));
        loop.restartIfStuck();
        assertThat(consul.cancelled).isEmpty();

        time.pass(Duration.ofSeconds(30));
        loop.restartIfStuck();
        assertThat(consul.cancelled).hasSize(1);
        await().until(() -> {
            time.pass(Duration.ofMillis(1));
            return consul.requests.size() == 2;
        });
        respond(0, "too late");
        respond(1, "in time");
        assertThat(heard).containsExactly("UNREACHABLE", "in time");
        loop.close();
    }

    @Test
    void a_fault_of_our_own_does_not_end_the_loop() {
        QueryLoop<String> loop =
                new QueryLoop<>(ListQuery.ofServices("/v1/x"), QueryMode.WATCH, new Listener(), context);
        loop.start();
        respond(0, "unheard");
        respond(1, "unread");
        await().until(() -> consul.requests.size() == 3);
        respond(2, "fine");
        assertThat(heard).containsExactly("unheard", "MALFORMED", "fine");
        loop.close();
    }

    private QueryLoop<String> onDemand() {
        QueryLoop<String> loop =
                new QueryLoop<>(ListQuery.ofServices("/v1/x"), QueryMode.ON_DEMAND, new Listener(), context);
        loop.start();
        return loop;
    }

    private void respondWithIndex(int request, long index, String body) {
        consul.responses
                .get(request)
                .complete(
                        new ConsulTransport.ListResponse(200, Long.toString(index), false, false, Buffer.buffer(body)));
    }

    @Test
    void a_loop_on_demand_asks_without_waiting_and_then_rests_until_it_is_woken() {
        QueryLoop<String> loop = onDemand();
        respondWithIndex(0, 7, "first");
        assertThat(consul.requests).hasSize(1);
        loop.wake(false);
        respondWithIndex(1, 8, "second");
        assertThat(consul.requests).hasSize(2).allMatch(request -> request.contains("index=0&"));
        assertThat(heard).containsExactly("first", "second");
        assertThat(doubted).isEmpty();
        loop.close();
    }

    @Test
    void woken_while_a_request_is_under_way_it_asks_once_more_because_the_response_may_be_older() {
        QueryLoop<String> loop = onDemand();
        loop.wake(false);
        loop.wake(false);
        assertThat(consul.requests).hasSize(1);
        respondWithIndex(0, 7, "older");
        assertThat(consul.requests).hasSize(2);
        respondWithIndex(1, 8, "newer");
        assertThat(consul.requests).hasSize(2);
        loop.close();
    }

    @Test
    void a_response_with_the_index_that_is_known_is_not_read() {
        QueryLoop<String> loop = onDemand();
        respondWithIndex(0, 7, "first");
        loop.wake(false);
        respondWithIndex(1, 7, "unread");
        assertThat(heard).containsExactly("first", "confirmed");
        loop.wake(false);
        assertThat(consul.requests).hasSize(3);
        loop.close();
    }

    @Test
    void a_response_to_a_query_that_waited_in_vain_is_not_read_where_its_content_is_the_same() {
        QueryLoop<String> loop = waiting(QueryMode.WATCH);
        loop.start();
        respondWithIndex(0, 7, "first");
        time.pass(Duration.ofSeconds(55));
        respondWithIndex(1, 7, "first");
        time.pass(Duration.ofSeconds(55));
        respondWithIndex(2, 7, "less, as the token was taken back");
        time.pass(Duration.ofSeconds(55));
        respondWithIndex(3, 8, "less, as the token was taken back");
        assertThat(heard)
                .containsExactly(
                        "first", "confirmed", "less, as the token was taken back", "less, as the token was taken back");
        loop.close();
    }

    @Test
    void a_server_that_is_cut_off_is_heard_though_its_content_is_the_same() {
        QueryLoop<String> loop = waiting(QueryMode.WATCH);
        loop.start();
        respondWithIndex(0, 7, "first");
        time.pass(Duration.ofSeconds(55));
        consul.responses
                .get(1)
                .complete(new ConsulTransport.ListResponse(200, "7", true, false, Buffer.buffer("first")));
        assertThat(heard).containsExactly("first", "first");
        assertThat(doubted).containsExactly("first");
        loop.close();
    }

    @Test
    void many_queries_for_services_wait_longer_than_few_and_other_queries_do_not() {
        List<QueryLoop<String>> crowd = new ArrayList<>();
        for (int n = 0; n < 80; n++) {
            crowd.add(waiting(QueryMode.SERVICE));
            crowd.get(n).start();
        }
        respondWithIndex(0, 7, "first");
        assertThat(consul.requests.get(80)).endsWith("index=7&wait=220000ms");
        QueryLoop<String> catalog = waiting(QueryMode.WATCH);
        catalog.start();
        assertThat(consul.requests.get(81)).endsWith("wait=55000ms");
        crowd.subList(20, 80).forEach(QueryLoop::close);
        respondWithIndex(1, 7, "first");
        assertThat(consul.requests.get(82)).endsWith("index=7&wait=55000ms");
        crowd.forEach(QueryLoop::close);
        catalog.close();
    }

    @Test
    void nothing_at_all_that_was_filtered_is_refused_but_where_a_list_is_empty_as_a_rule() {
        QueryLoop<String> loop = waiting(QueryMode.WATCH);
        loop.start();
        consul.responses.get(0).complete(new ConsulTransport.ListResponse(200, "7", false, true, Buffer.buffer("")));
        QueryLoop<String> trouble =
                new QueryLoop<>(ListQuery.ofTrouble("/v1/x"), QueryMode.CHECKS_IN_STATE, new Listener(), context);
        trouble.start();
        consul.responses.get(1).complete(new ConsulTransport.ListResponse(200, "7", false, true, Buffer.buffer("")));
        assertThat(heard).containsExactly("REJECTED", "");
        loop.close();
        trouble.close();
    }

    private QueryLoop<String> waiting(QueryMode mode) {
        return new QueryLoop<>(ListQuery.ofServices("/v1/x"), mode, new Listener(), context);
    }

    @Test
    void a_response_that_was_asked_for_in_doubt_is_read_and_doubted_and_the_next_one_is_not() {
        QueryLoop<String> loop = onDemand();
        respondWithIndex(0, 7, "first");
        loop.wake(true);
        respondWithIndex(1, 7, "after the outage");
        loop.wake(false);
        respondWithIndex(2, 8, "later");
        assertThat(heard).containsExactly("first", "after the outage", "later");
        assertThat(doubted).containsExactly("after the outage");
        loop.close();
    }

    @Test
    void doubt_that_comes_while_a_request_is_under_way_is_about_the_next_response() {
        QueryLoop<String> loop = onDemand();
        loop.wake(true);
        respondWithIndex(0, 7, "from before");
        respondWithIndex(1, 8, "from after");
        assertThat(doubted).containsExactly("from after");
        loop.close();
    }

    @Test
    void what_was_cached_with_the_same_index_is_read_all_the_same() {
        QueryLoop<String> loop =
                new QueryLoop<>(ListQuery.ofServices("/v1/x"), QueryMode.ON_DEMAND, new Listener(), context);
        loop.seed(7);
        loop.start();
        respondWithIndex(0, 7, "first");
        assertThat(heard).containsExactly("first");
        loop.close();
    }

    @Test
    void a_loop_that_rests_is_not_taken_for_stuck() {
        QueryLoop<String> loop = onDemand();
        respondWithIndex(0, 7, "first");
        time.pass(Duration.ofHours(1));
        loop.restartIfStuck();
        assertThat(heard).containsExactly("first");
        assertThat(consul.requests).hasSize(1);
        loop.close();
    }

    @Test
    void a_closed_loop_cancels_its_request_and_asks_no_more() {
        QueryLoop<String> loop =
                new QueryLoop<>(ListQuery.ofServices("/v1/x"), QueryMode.WATCH, new Listener(), context);
        loop.start();
        loop.close();
        respond(0, "too late");
        loop.restartIfStuck();
        assertThat(consul.cancelled).containsExactlyElementsOf(consul.requests);
        assertThat(heard).isEmpty();
    }
}
