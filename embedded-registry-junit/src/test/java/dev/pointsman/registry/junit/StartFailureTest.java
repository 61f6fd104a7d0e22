package dev.pointsman.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What cannot be started: the sentence that the user gets, and what is left of what had started by then. */
@Timeout(120)
class StartFailureTest {
    private static final List<String> seen = new CopyOnWriteArrayList<>();

    private final Leftovers leftovers = new Leftovers();

    @BeforeAll
    static void warm_up() {
        Leftovers.warmUp();
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

        assertThat(Engine.failure(Engine.run(SecondInstanceFailsCase.class)))
                .isEqualTo(
                        "The services of SecondInstanceFailsCase cannot be had: An instance of api did not start: the"
                                + " constructor of " + HandlerOfTheFirstOnly.class.getName()
                                + " threw java.lang.IllegalArgumentException: no second one");

        assertThat(HandlerOfTheFirstOnly.made).as("an instance that did start").isNotEmpty();
        assertThat(seen).isEmpty();
        leftovers.assertNone(Set.of());
    }

    @WithEmbeddedRegistry
    static class MistakesCase {
        @Test
        @WithService(name = "a b")
        void name() {}

        @Test
        @WithService(name = "a\n\u001b[2Jb")
        void two_lines() {}

        @Test
        @WithService(name = "api", instances = 0)
        void instances() {}

        @Test
        @WithService(name = "api", instances = 101)
        void too_many() {}

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
        Map<String, String> sentences = Engine.failures(Engine.run(MistakesCase.class));

        assertThat(sentences.get("name()"))
                .startsWith(
                        "@WithService(name = \"a b\") of MistakesCase.name() has a mistake, name: a b (expected: 1 to 64 letters");
        assertThat(sentences.get("two_lines()"))
                .startsWith("@WithService(name = \"a \\u001b[2Jb\") of MistakesCase.two_lines() has a mistake,"
                        + " name: a \\u001b[2Jb (expected: 1 to 64 letters");
        assertThat(sentences.get("instances()")).endsWith("has a mistake, instances: 0 (expected: 1 to 100)");
        assertThat(sentences.get("too_many()")).endsWith("has a mistake, instances: 101 (expected: 1 to 100)");
        assertThat(sentences.get("meta()")).endsWith("has a mistake, meta: zone (expected: key=value)");
        assertThat(sentences.get("handler()"))
                .contains("An instance of api did not start: its handler " + NeedsSomething.class.getName())
                .endsWith("(expected: a class, static if it is nested, with a constructor without arguments)");
        assertThat(sentences).hasSize(6);
        leftovers.assertNone(Set.of());
    }

    @WithEmbeddedRegistry
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class UnloadableHandlerCase {
        @Test
        @WithService(name = "api", handler = NeverLoads.class)
        void first() {}

        @Test
        @WithService(name = "api", handler = NeverLoads.class)
        void second() {}

        @Test
        void from_a_supplier(RunningServices services) {
            services.start(TestService.named("own").withHandlers(NeverLoadsEither::new));
        }

        @Test
        void null_from_a_supplier(RunningServices services) {
            services.start(TestService.named("own").withHandlers(() -> null));
        }
    }

    static final class NeverLoads implements Handler<HttpServerRequest> {
        private static final int LIMIT = Integer.parseInt("many");

        @Override
        public void handle(HttpServerRequest request) {
            request.response().setStatusCode(LIMIT).end();
        }
    }

    static final class NeverLoadsEither implements Handler<HttpServerRequest> {
        private static final int LIMIT = Integer.parseInt("few");

        @Override
        public void handle(HttpServerRequest request) {
            request.response().setStatusCode(LIMIT).end();
        }
    }

    @Test
    void a_handler_that_cannot_be_loaded_or_is_missing_fails_the_test_with_one_sentence() {
        Map<String, String> sentences = Engine.failures(Engine.run(UnloadableHandlerCase.class));

        String handler = "An instance of api did not start: its handler " + NeverLoads.class.getName();
        assertThat(sentences.get("first()"))
                .isEqualTo("The services of UnloadableHandlerCase.first() cannot be had: " + handler
                        + " cannot be loaded: java.lang.NumberFormatException: For input string: \"many\"");
        assertThat(sentences.get("second()"))
                .startsWith("The services of UnloadableHandlerCase.second() cannot be had: " + handler
                        + " cannot be loaded: ");
        assertThat(sentences.get("from_a_supplier(RunningServices)"))
                .isEqualTo("An instance of own did not start: its handler cannot be loaded:"
                        + " java.lang.NumberFormatException: For input string: \"few\"");
        assertThat(sentences.get("null_from_a_supplier(RunningServices)"))
                .isEqualTo("An instance of own did not start: its handler is null (expected: of withHandlers, a"
                        + " supplier that returns a handler each time)");
        leftovers.assertNone(Set.of());
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
        assertThat(Engine.failure(Engine.run(WithoutRegistryCase.class)))
                .startsWith("@WithService of WithoutRegistryCase has no registry: it needs @WithEmbeddedRegistry");
        assertThat(Engine.failure(Engine.run(TwoRegistriesCase.class)))
                .startsWith("TwoRegistriesCase has more than one registry");
        assertThat(Engine.failure(Engine.run(TwoFieldsCase.class)))
                .startsWith("TwoFieldsCase has more than one registry");
        leftovers.assertNone(Set.of());
    }
}
