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
import org.junit.jupiter.api.Test;
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
        Map<String, String> sentences = Engine.failures(Engine.run(MistakesCase.class));

        assertThat(sentences.get("name()"))
                .startsWith(
                        "@WithService(name = \"a b\") of MistakesCase.name() has a mistake, type: a b (expected: 1 to 64 letters");
        assertThat(sentences.get("instances()")).endsWith("has a mistake, instances: 0 (expected: 1 or more)");
        assertThat(sentences.get("meta()")).endsWith("has a mistake, meta: zone (expected: key=value)");
        assertThat(sentences.get("handler()"))
                .contains("An instance of api did not start: its handler " + NeedsSomething.class.getName())
                .endsWith("(expected: a class, static if it is nested, with a constructor without arguments)");
        assertThat(sentences).hasSize(4);
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
