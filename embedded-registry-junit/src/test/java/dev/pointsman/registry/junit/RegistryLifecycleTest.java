package dev.pointsman.registry.junit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import dev.pointsman.testkit.TestHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What begins and ends with a class or a test, seen from outside by JUnit's own test kit. */
@Timeout(120)
class RegistryLifecycleTest {
    /** The ports that the classes below have seen open. */
    private static final Set<Integer> ports = ConcurrentHashMap.newKeySet();

    private static final List<String> seen = new CopyOnWriteArrayList<>();
    private static final CyclicBarrier both = new CyclicBarrier(2);

    private final Leftovers leftovers = new Leftovers();

    @BeforeAll
    static void warm_up() {
        Leftovers.warmUp();
    }

    @BeforeEach
    void forget() {
        ports.clear();
        seen.clear();
    }

    @WithEmbeddedRegistry
    @WithService(name = "api", instances = 2)
    static class EverythingCase {
        @BeforeAll
        static void note(RunningServices services, ConsulAddress consul) {
            services.instances("api").forEach(api -> ports.add(api.port()));
            ports.add(consul.port());
        }

        @Test
        @WithService(name = "extra")
        void ends_them_in_every_way(RunningServices services) {
            services.instances("api").get(0).crash();
            services.instances("api").get(0).stop();
            ports.add(services.instances("extra").get(0).port());
            ports.add(services.start("api").port());
        }

        @Test
        void leaves_them_all_running(RunningServices services) {
            services.instances("api").forEach(api -> ports.add(api.port()));
        }

        @AfterAll
        static void it_is_there_until_the_end(RunningServices services, ConsulAddress consul) {
            assertThat(services.instances("api")).isNotEmpty();
            assertThat(new TestHttp(consul.url()).get("/v1/health/service/api").json())
                    .isNotEmpty();
        }
    }

    @Test
    void after_the_class_no_port_is_open_and_no_thread_is_left() {
        Engine.assertSucceeded(2, Engine.run(EverythingCase.class));

        assertThat(ports).hasSizeGreaterThanOrEqualTo(6);
        leftovers.assertNone(ports);
    }

    @WithEmbeddedRegistry
    static class ClosedByATestCase {
        @Test
        @WithService(name = "api")
        void an_outage(EmbeddedRegistry registry, RunningServices services) throws Exception {
            registry.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(new TestHttp(services.instances("api").get(0).url())
                            .get("/")
                            .status())
                    .isEqualTo(200);
            try {
                services.start("api");
            } catch (IllegalStateException e) {
                seen.add(String.valueOf(e.getMessage()));
            }
        }
    }

    @Test
    void a_test_may_close_the_registry_and_gets_nothing_new_then() {
        Engine.assertSucceeded(1, Engine.run(ClosedByATestCase.class));

        assertThat(seen)
                .singleElement()
                .asString()
                .contains("An instance of api did not start")
                .endsWith("was it closed by a test?");
        leftovers.assertNone(ports);
    }

    @WithEmbeddedRegistry
    @WithService(name = "api", instances = 2)
    static class ClosedByOneOfThemCase {
        @BeforeAll
        static void one_more(RunningServices services) {
            services.start("api");
        }

        @RepeatedTest(2)
        @WithService(name = "extra")
        void finds_everything_and_closes_the_registry(
                EmbeddedRegistry registry, ConsulAddress consul, RunningServices services) throws Exception {
            List<String> found = new ArrayList<>();
            new TestHttp(consul.url())
                    .get("/v1/agent/services")
                    .json()
                    .forEach(service -> found.add(service.get("ID").asText()));
            List<RunningInstance> all = new ArrayList<>(services.instances("api"));
            all.addAll(services.instances("extra"));
            assertThat(all).hasSize(4);
            assertThat(found)
                    .containsExactlyInAnyOrderElementsOf(
                            all.stream().map(RunningInstance::id).toList());
            all.forEach(instance -> ports.add(instance.port()));
            seen.add(consul.url());
            registry.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void after_a_test_that_closed_the_registry_the_next_one_has_a_new_one_at_the_same_address() {
        Engine.assertSucceeded(2, Engine.run(ClosedByOneOfThemCase.class));

        assertThat(seen).hasSize(2);
        assertThat(Set.copyOf(seen)).hasSize(1);
        leftovers.assertNone(ports);
    }

    @WithEmbeddedRegistry
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class PortTakenCase {
        private static @Nullable ServerSocket taker;

        @Test
        void a_closes_it(EmbeddedRegistry registry) throws Exception {
            registry.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
            taker = new ServerSocket();
            taker.setReuseAddress(true);
            taker.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), registry.port()));
        }

        @Test
        void b_needs_it() {
            seen.add("run");
        }

        @AfterAll
        static void let_go() throws Exception {
            requireNonNull(taker).close();
        }
    }

    @Test
    void a_registry_that_cannot_be_started_again_fails_the_next_test_with_one_sentence() {
        assertThat(Engine.failure(Engine.run(PortTakenCase.class)))
                .startsWith("The services of PortTakenCase.b_needs_it() cannot be had: the embedded registry, which was"
                        + " closed by a test before, did not start again at http://127.0.0.1:");
        assertThat(seen).isEmpty();
        leftovers.assertNone(ports);
    }

    @WithEmbeddedRegistry
    @WithService(name = "api")
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class KeptForTooLongCase {
        private static @Nullable RunningServices kept;

        @Test
        void a_keeps_them(RunningServices services) {
            kept = services;
        }

        @Test
        void b_uses_them(ConsulAddress consul) {
            List<Consumer<RunningServices>> uses = List.of(
                    services -> services.start("api"),
                    services -> services.start(TestService.named("other")),
                    services -> services.instances("api"));
            for (Consumer<RunningServices> use : uses) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> use.accept(requireNonNull(kept)))
                        .withMessage("These services have ended, with the test or class that had them: take"
                                + " RunningServices as a parameter where it is used.");
            }
            assertThat(new TestHttp(consul.url()).get("/v1/agent/services").json())
                    .hasSize(1);
        }
    }

    @Test
    void services_that_have_ended_start_nothing() {
        Engine.assertSucceeded(2, Engine.run(KeptForTooLongCase.class));
        leftovers.assertNone(ports);
    }

    @Test
    void a_registry_that_is_interrupted_as_it_closes_leaves_nothing() {
        TestRegistry registry = TestRegistry.start();
        ports.add(registry.address().port());

        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(registry::close).hasMessageContaining("did not close");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }

        leftovers.assertNone(ports);
    }

    @WithEmbeddedRegistry
    @WithService(name = "one")
    static class OneCase {
        @Test
        void runs_while_the_other_does(ConsulAddress consul) throws Exception {
            meet(consul);
        }
    }

    @WithEmbeddedRegistry
    @WithService(name = "other")
    static class OtherCase {
        @Test
        void runs_while_the_other_does(ConsulAddress consul) throws Exception {
            meet(consul);
        }
    }

    private static void meet(ConsulAddress consul) throws Exception {
        both.await(30, TimeUnit.SECONDS);
        new TestHttp(consul.url())
                .get("/v1/agent/services")
                .json()
                .forEach(service -> seen.add(service.get("Service").asText()));
        both.await(30, TimeUnit.SECONDS);
    }

    @Test
    void classes_that_run_in_parallel_have_a_registry_each() {
        Engine.assertSucceeded(2, Engine.runInParallel(OneCase.class, OtherCase.class));
        assertThat(seen).containsExactlyInAnyOrder("one", "other");
        leftovers.assertNone(ports);
    }

    @WithEmbeddedRegistry
    @WithService(name = "api")
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OneObjectCase {
        private final RunningServices services;

        OneObjectCase(RunningServices services) {
            this.services = services;
            seen.add(services.instances("api").get(0).id());
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void has_one_api(int turn, RunningServices own) {
            assertThat(turn).isPositive();
            own.start("api");
            assertThat(services.instances("api")).hasSize(1);
            assertThat(own.instances("api")).hasSize(2);
            seen.add(services.instances("api").get(0).id());
        }
    }

    @Test
    void a_constructor_before_all_tests_has_what_its_tests_have() {
        Engine.assertSucceeded(2, Engine.run(OneObjectCase.class));

        assertThat(seen).hasSize(3);
        assertThat(Set.copyOf(seen)).hasSize(1);
        leftovers.assertNone(ports);
    }
}
