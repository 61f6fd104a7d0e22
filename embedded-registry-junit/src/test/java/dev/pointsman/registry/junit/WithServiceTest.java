package dev.pointsman.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import dev.pointsman.testkit.TestHttp;
import dev.pointsman.testkit.TestHttp.Reply;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a test sees of its registry and its services. */
@Timeout(60)
@WithEmbeddedRegistry
@WithService(name = "api", instances = 3, tags = "v1", meta = "zone=a=b")
@WithService(name = "web", handler = WithServiceTest.Counting.class)
class WithServiceTest {
    private static final List<String> atTheBeginning = new ArrayList<>();

    private final TestHttp registry;

    /** Counts the requests of its instance. */
    static final class Counting implements Handler<HttpServerRequest> {
        private int requests;

        private Counting() {}

        @Override
        public void handle(HttpServerRequest request) {
            requests++;
            request.response().setStatusCode(202).end(request.path() + " is number " + requests);
        }
    }

    WithServiceTest(ConsulAddress consul) {
        registry = new TestHttp(consul.url());
    }

    @BeforeAll
    static void everything_is_there_before_all(ConsulAddress consul, RunningServices services) {
        services.instances("api").forEach(api -> atTheBeginning.add(api.id()));
        assertThat(passing(new TestHttp(consul.url()), "api")).containsExactlyInAnyOrderElementsOf(atTheBeginning);
    }

    @BeforeEach
    @AfterEach
    void lifecycle_methods_have_it_too(EmbeddedRegistry running, ConsulAddress consul) {
        assertThat(running.port()).isEqualTo(consul.port());
    }

    @Test
    void each_instance_responds_with_its_own_name_and_id(RunningServices services) {
        List<String> ids = new ArrayList<>();
        for (RunningInstance api : services.instances("api")) {
            Reply reply = new TestHttp(api.url()).get("/any/path");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("content-type")).isEqualTo("application/json");
            assertThat(reply.json().get("service").asText()).isEqualTo("api");
            ids.add(reply.json().get("id").asText());
        }
        assertThat(ids).hasSize(3).containsExactlyElementsOf(idsOf(services, "api"));
    }

    @Test
    void an_instance_is_registered_with_its_port_tags_and_metadata(RunningServices services) {
        RunningInstance first = services.instances("api").get(0);
        JsonNode service = registry.get("/v1/agent/service/" + first.id()).json();
        assertThat(service.get("Service").asText()).isEqualTo("api");
        assertThat(service.get("Port").asInt()).isEqualTo(first.port());
        assertThat(service.get("Tags")).extracting(JsonNode::asText).containsExactly("api", "v1");
        assertThat(service.get("Meta").get("zone").asText()).isEqualTo("a=b");
    }

    @Test
    void a_handler_of_the_test_s_own_responds(RunningServices services) {
        TestHttp web = new TestHttp(services.instances("web").get(0).url());
        assertThat(web.get("/a").body()).isEqualTo("/a is number 1");
        assertThat(web.get("/b").body()).isEqualTo("/b is number 2");
        assertThat(web.get("/b").status()).isEqualTo(202);
    }

    @Test
    void one_that_is_stopped_is_deregistered_and_finishes_what_it_has_begun(RunningServices services) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CompletableFuture<HttpServerRequest> request = new CompletableFuture<>();
        RunningInstance slow = services.start(TestService.named("slow").withHandler(it -> {
                    request.complete(it);
                    arrived.countDown();
                }))
                .get(0);
        CompletableFuture<Reply> reply = new TestHttp(slow.url()).getLater("/");
        assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(slow::stop);

        await().untilAsserted(() -> assertThat(passing(registry, "slow")).isEmpty());
        assertThat(slow.isRunning()).isFalse();
        assertThat(services.instances("slow")).isEmpty();
        request.get(20, TimeUnit.SECONDS).response().end("late");

        assertThat(reply.get(20, TimeUnit.SECONDS).body()).isEqualTo("late");
        assertThat(stopped).succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(registry.get("/v1/health/service/slow").json()).isEmpty();
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> new TestHttp(slow.url()).get("/"));
    }

    @RepeatedTest(2)
    void one_that_crashed_stays_registered_becomes_critical_and_is_replaced_before_the_next_test(
            RunningServices services) {
        assertThat(registry.get("/v1/health/service/api").json()).hasSize(3);
        RunningInstance victim = services.instances("api").get(1);

        victim.crash();

        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> new TestHttp(victim.url()).get("/"));
        assertThat(services.instances("api")).hasSize(2).doesNotContain(victim);
        await().untilAsserted(() ->
                assertThat(passing(registry, "api")).containsExactlyInAnyOrderElementsOf(idsOf(services, "api")));
        assertThat(registry.get("/v1/health/service/api").json()).hasSize(3);
    }

    @RepeatedTest(2)
    void one_more_is_like_the_others_and_there_for_this_test_alone(RunningServices services) {
        RunningInstance fourth = services.start("api");
        assertThat(services.instances("api")).hasSize(4).contains(fourth);
        assertThat(passing(registry, "api")).hasSize(4).contains(fourth.id());
        assertThat(registry.get("/v1/health/service/api?passing&tag=v1").json()).hasSize(4);
    }

    @RepeatedTest(2)
    @WithService(name = "extra", instances = 2)
    @WithService(name = "api", tags = "v2")
    void a_method_has_its_own_beside_those_of_its_class(RunningServices services) {
        assertThat(passing(registry, "extra")).hasSize(2).containsExactlyInAnyOrderElementsOf(idsOf(services, "extra"));
        assertThat(registry.get("/v1/health/service/api?passing&tag=v2").json()).hasSize(1);
        assertThat(services.instances("api")).hasSize(4);
    }

    @Test
    void a_name_that_was_not_started_is_answered_with_those_that_were(RunningServices services) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> services.instances("apo"))
                .withMessage("no service apo was started here (expected: api, web)");
        assertThatIllegalArgumentException().isThrownBy(() -> services.start("apo"));
    }

    @Test
    void what_one_test_has_started_is_not_there_in_another() {
        assertThat(registry.get("/v1/health/service/extra").json()).isEmpty();
        assertThat(registry.get("/v1/health/service/slow").json()).isEmpty();
    }

    @Nested
    @WithService(name = "inner")
    class Inside {
        @Test
        void a_nested_class_shares_the_registry_and_adds_to_it(ConsulAddress consul, RunningServices services) {
            assertThat(registry.get("/v1/status/leader").status()).isEqualTo(200);
            assertThat(new TestHttp(consul.url()).get("/v1/agent/services").json())
                    .hasSize(5);
            assertThat(services.instances("api")).hasSize(3);
            assertThat(services.instances("inner")).hasSize(1);
        }
    }

    @Nested
    @WithEmbeddedRegistry
    class WithItsOwn {
        @Test
        void a_nested_class_may_have_a_registry_of_its_own(ConsulAddress consul, RunningServices services) {
            assertThat(new TestHttp(consul.url()).get("/v1/agent/services").json())
                    .isEmpty();
            assertThat(passing(registry, "api"))
                    .as("in that of the class around it")
                    .isNotEmpty();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> services.instances("api"))
                    .withMessageContaining("there is none");
        }
    }

    private static List<String> idsOf(RunningServices services, String name) {
        return services.instances(name).stream().map(RunningInstance::id).toList();
    }

    private static List<String> passing(TestHttp registry, String name) {
        List<String> ids = new ArrayList<>();
        registry.get("/v1/health/service/" + name + "?passing")
                .json()
                .forEach(entry -> ids.add(entry.get("Service").get("ID").asText()));
        return ids;
    }
}
