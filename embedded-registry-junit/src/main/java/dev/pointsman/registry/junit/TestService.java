package dev.pointsman.registry.junit;

import dev.pointsman.agent.AgentOptions;
import dev.pointsman.registry.OneLine;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A description of a service that a test wants to have running: what {@link WithService} says, with a handler that may be a
 * lambda. Immutable; each {@code with} method gives a copy with one thing changed. What is wrong gets one sentence in an {@link
 * IllegalArgumentException}.
 *
 * @param name the service's name in the registry and its first tag: letters, digits, dots, dashes and underscores
 * @param instances how many to start, 1 to 100, as each has a Vert.x of its own with its threads. Default: 1
 * @param tags more tags beside the name. Default: none
 * @param meta metadata. Default: none
 * @param handlers makes the handler of one instance, see {@link #withHandler}. Default: one that responds 200 with {@code
 *     {"service":NAME,"id":ID}} as JSON
 */
public record TestService(
        String name,
        int instances,
        List<String> tags,
        Map<String, String> meta,
        Supplier<? extends Handler<HttpServerRequest>> handlers) {
    private static final int MOST_INSTANCES = 100;
    private static final int LONGEST_SENTENCE = 500;

    public TestService {
        tags = List.copyOf(tags);
        meta = Map.copyOf(meta);
        if (instances < 1 || instances > MOST_INSTANCES) {
            throw new IllegalArgumentException("instances: " + instances + " (expected: 1 to " + MOST_INSTANCES + ")");
        }
        try {
            agentOptions(name, tags, meta);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(inOwnWords(String.valueOf(e.getMessage())), e);
        }
    }

    /** One instance of a service that responds with its name and id. */
    public static TestService named(String name) {
        return new TestService(name, 1, List.of(), Map.of(), () -> new InstanceNameHandler(name));
    }

    /** The same with another number of instances. */
    public TestService withInstances(int newInstances) {
        return new TestService(name, newInstances, tags, meta, handlers);
    }

    /** The same with these tags beside the name. */
    public TestService withTags(String... newTags) {
        return new TestService(name, instances, List.of(newTags), meta, handlers);
    }

    /** The same with one more pair of metadata, or another value for this key. */
    public TestService withMeta(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(meta);
        more.put(key, value);
        return new TestService(name, instances, tags, more, handlers);
    }

    /**
     * The same with this handler for all instances. Each instance calls it on an event loop of its own, so with several instances it
     * has to be thread-safe; it must not block. It gets every request but those for {@code /health}.
     */
    public TestService withHandler(Handler<HttpServerRequest> handler) {
        return withHandlers(() -> handler);
    }

    /** The same with a handler for each instance, made right before that instance starts; null is none. */
    public TestService withHandlers(Supplier<? extends Handler<HttpServerRequest>> newHandlers) {
        return new TestService(name, instances, tags, meta, newHandlers);
    }

    /**
     * The handler of one instance.
     *
     * @throws RuntimeException with one sentence when there is none; or what its maker threw
     */
    Handler<HttpServerRequest> newHandler() {
        Handler<HttpServerRequest> handler;
        try {
            handler = handlers.get();
        } catch (LinkageError e) {
            // Of a class whose static initialiser fails: an error to the JVM, a mistake in a test to its author.
            throw new IllegalStateException("its handler cannot be loaded: " + reason(e), e);
        }
        if (handler == null) {
            throw new IllegalStateException(
                    "its handler is null (expected: of withHandlers, a supplier that returns a handler each time)");
        }
        return handler;
    }

    /** What a class was not loaded for: of a static initialiser that failed, what it threw. */
    static String reason(LinkageError e) {
        return OneLine.of(
                String.valueOf(e instanceof ExceptionInInitializerError ? e.getCause() : e), LONGEST_SENTENCE);
    }

    /** The agent's sentence with this type's word for what the agent calls its type, on one line. */
    private static String inOwnWords(String sentence) {
        String agentsWord = "type: ";
        return OneLine.of(
                sentence.startsWith(agentsWord) ? "name: " + sentence.substring(agentsWord.length()) : sentence,
                LONGEST_SENTENCE);
    }

    /** How an instance is registered, but for the registry's address; nothing of it comes from this machine's environment. */
    AgentOptions agentOptions() {
        return agentOptions(name, tags, meta);
    }

    private static AgentOptions agentOptions(String name, List<String> tags, Map<String, String> meta) {
        AgentOptions options = AgentOptions.of(name, null, Map.of()).withTags(tags);
        for (Map.Entry<String, String> pair : meta.entrySet()) {
            options = options.withMeta(pair.getKey(), pair.getValue());
        }
        return options;
    }
}
