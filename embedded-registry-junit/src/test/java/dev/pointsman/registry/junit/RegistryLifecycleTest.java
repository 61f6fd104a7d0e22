package dev.pointsman.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import dev.pointsman.testkit.TestHttp;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** What begins and ends with a class or a test, seen from outside by JUnit's own test kit. */
@Timeout(120)
class RegistryLifecycleTest {
    /**
     * Threads that a JVM has once for all, whatever was closed: Netty's, which ends a second after its last use, OkHttp's and Okio's,
     * which end after a minute; and those of this test, of JUnit's time limits and of the HTTP client that it asks with.
     */
    private static final Pattern NOT_OURS = Pattern.compile("globalEventExecutor-1-\\d+|OkHttp TaskRunner|Okio Watchdog"
            + "|junit-jupiter-timeout-watcher|awaitility.*|HttpClient-\\d+-.*");

    /** The ports that the classes below have seen open. */
    private static final Set<Integer> ports = ConcurrentHashMap.newKeySet();

    private static final List<String> seen = new CopyOnWriteArrayList<>();
    private static final CyclicBarrier both = new CyclicBarrier(2);

    private final Set<Thread> before = Thread.getAllStackTraces().keySet();

    /** What classes start once for the whole JVM is started here, so that it is no news below. */
    @BeforeAll
    static void warm_up() {
        run(EverythingCase.class);
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
        assertSucceeded(2, run(EverythingCase.class));

        assertThat(ports).hasSizeGreaterThanOrEqualTo(6);
        assertNothingIsLeft();
    }

    @WithEmbeddedRegistry
    @WithService(name = "api", instances = 2, handler = HandlerOfTheFirstOnly.class)
    static class SecondInstanceFailsCase {
        @Test
        void is_never_run() {
            seen.add("run");
        }
    }

    static final class HandlerOfTheFirstOnly implements Handler<HttpServerRequest> {
        private static final Set<String> made = ConcurrentHashMap.newKeySet();

        HandlerOfTheFirstOnly() {
            if (!made.add("the first")) {
                throw new IllegalArgumentException("no second one");
            }
        }

        @Override
        public void handle(HttpServerRequest request) {
            request.response().end();
        }
    }

    @Test
    void what_has_started_is_stopped_when_the_next_thing_does_not_start() {
        HandlerOfTheFirstOnly.made.clear();

        assertThat(failure(run(SecondInstanceFailsCase.class)))
                .isEqualTo(
                        "The services of SecondInstanceFailsCase cannot be had: An instance of api did not start: the"
                                + " constructor of " + HandlerOfTheFirstOnly.class.getName()
                                + " threw java.lang.IllegalArgumentException: no second one");

        assertThat(HandlerOfTheFirstOnly.made).as("an instance that did start").isNotEmpty();
        assertThat(seen).isEmpty();
        assertNothingIsLeft();
    }

    @WithEmbeddedRegistry
    static class MistakesCase {
        @Test
        @WithService(name = "a b")
        void name() {}

        @Test
        @WithService(name = "api", instances = 0)
        void instances() {}

        @Test
        @WithService(name = "api", meta = "zone")
        void meta() {}

        @Test
        @WithService(name = "api", handler = NeedsSomething.class)
        void handler() {}
    }

    record NeedsSomething(String something) implements Handler<HttpServerRequest> {
        @Override
        public void handle(HttpServerRequest request) {
            request.response().end(something);
        }
    }

    @Test
    void a_mistake_in_an_annotation_fails_the_test_with_one_sentence() {
        Map<String, String> sentences = failures(run(MistakesCase.class));

        assertThat(sentences.get("name()"))
                .startsWith(
                        "@WithService(name = \"a b\") of MistakesCase.name() has a mistake, type: a b (expected: 1 to 64 letters");
        assertThat(sentences.get("instances()")).endsWith("has a mistake, instances: 0 (expected: 1 or more)");
        assertThat(sentences.get("meta()")).endsWith("has a mistake, meta: zone (expected: key=value)");
        assertThat(sentences.get("handler()"))
                .contains("An instance of api did not start: its handler " + NeedsSomething.class.getName())
                .endsWith("(expected: a class, static if it is nested, with a constructor without arguments)");
        assertThat(sentences).hasSize(4);
        assertNothingIsLeft();
    }

    @WithService(name = "api")
    static class WithoutRegistryCase {
        @Test
        void is_never_run() {}
    }

    @WithEmbeddedRegistry
    static class TwoRegistriesCase {
        @RegisterExtension
        static final EmbeddedRegistryExtension registry = EmbeddedRegistryExtension.with();

        @Test
        void is_never_run() {}
    }

    static class TwoFieldsCase {
        @RegisterExtension
        static final EmbeddedRegistryExtension one = EmbeddedRegistryExtension.with();

        @RegisterExtension
        static final EmbeddedRegistryExtension other = EmbeddedRegistryExtension.with();

        @Test
        void is_never_run() {}
    }

    @Test
    void a_class_has_exactly_one_registry() {
        assertThat(failure(run(WithoutRegistryCase.class)))
                .startsWith("@WithService of WithoutRegistryCase has no registry: it needs @WithEmbeddedRegistry");
        assertThat(failure(run(TwoRegistriesCase.class))).startsWith("TwoRegistriesCase has more than one registry");
        assertThat(failure(run(TwoFieldsCase.class))).startsWith("TwoFieldsCase has more than one registry");
        assertNothingIsLeft();
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
        assertSucceeded(1, run(ClosedByATestCase.class));

        assertThat(seen)
                .singleElement()
                .asString()
                .contains("An instance of api did not start")
                .endsWith("was it closed by a test?");
        assertNothingIsLeft();
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
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(OneCase.class), selectClass(OtherCase.class))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "2")
                .execute();

        assertSucceeded(2, results);
        assertThat(seen).containsExactlyInAnyOrder("one", "other");
        assertNothingIsLeft();
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
        assertSucceeded(2, run(OneObjectCase.class));

        assertThat(seen).hasSize(3);
        assertThat(Set.copyOf(seen)).hasSize(1);
        assertNothingIsLeft();
    }

    private static EngineExecutionResults run(Class<?> testClass) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .execute();
    }

    /** That many tests succeeded, and so did what began and ended their classes. */
    private static void assertSucceeded(int tests, EngineExecutionResults results) {
        assertThat(failures(results)).isEmpty();
        results.testEvents().assertStatistics(all -> all.succeeded(tests));
    }

    private static String failure(EngineExecutionResults results) {
        List<String> sentences = new ArrayList<>(failures(results).values());
        assertThat(sentences).hasSize(1);
        return sentences.get(0);
    }

    private static Map<String, String> failures(EngineExecutionResults results) {
        return results.allEvents().failed().stream()
                .collect(Collectors.toMap(
                        event -> event.getTestDescriptor().getDisplayName(), RegistryLifecycleTest::sentence));
    }

    private static String sentence(Event event) {
        return event.getPayload(org.junit.platform.engine.TestExecutionResult.class)
                .flatMap(result -> result.getThrowable())
                .map(thrown -> String.valueOf(thrown.getMessage()))
                .orElseThrow();
    }

    private void assertNothingIsLeft() {
        assertThat(ports).allSatisfy(port -> assertThat(isOpen(port)).isFalse());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threadsSinceTheBeginning()).isEmpty());
    }

    private Set<String> threadsSinceTheBeginning() {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && !NOT_OURS.matcher(thread.getName()).matches()) {
                names.add(thread.getName());
            }
        }
        return names;
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
