package dev.pointsman.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import dev.pointsman.testkit.TestHttp;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
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
