package dev.pointsman.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** JUnit Jupiter, run by a test on classes that no other run finds. */
final class Engine {
    private Engine() {}

    static EngineExecutionResults run(Class<?> testClass) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .execute();
    }

    /** Runs both at the same time. */
    static EngineExecutionResults runInParallel(Class<?> one, Class<?> other) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(one), selectClass(other))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "2")
                .execute();
    }

    /** That many tests succeeded, and so did what began and ended their classes. */
    static void assertSucceeded(int tests, EngineExecutionResults results) {
        assertThat(failures(results)).isEmpty();
        results.testEvents().assertStatistics(all -> all.succeeded(tests));
    }

    /** The message of the only failure there is. */
    static String failure(EngineExecutionResults results) {
        List<String> sentences = new ArrayList<>(failures(results).values());
        assertThat(sentences).hasSize(1);
        return sentences.get(0);
    }

    /** The messages of all failures, by the names of what failed. */
    static Map<String, String> failures(EngineExecutionResults results) {
        return results.allEvents().failed().stream()
                .collect(Collectors.toMap(event -> event.getTestDescriptor().getDisplayName(), Engine::sentence));
    }

    private static String sentence(Event event) {
        return event.getPayload(TestExecutionResult.class)
                .flatMap(result -> result.getThrowable())
                .map(thrown -> String.valueOf(thrown.getMessage()))
                .orElseThrow();
    }
}
