package dev.pointsman.testkit;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The JUnit extension of {@link NeedsConsul}: skips before anything of the test runs, and knows whether such a test
 * runs.
 */
final class NeedsConsulExtension
        implements ExecutionCondition, BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final AtomicInteger RUNNING = new AtomicInteger();

    /**
     * Whether a test that has the annotation runs in this JVM, or a program that is no JUnit test at all, such as a
     * measurement.
     */
    static boolean isAnnotatedTest() {
        return RUNNING.get() > 0
                || StackWalker.getInstance()
                        .walk(frames ->
                                frames.noneMatch(frame -> frame.getClassName().startsWith("org.junit.")));
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return context.getElement()
                .flatMap(element -> AnnotationSupport.findAnnotation(element, NeedsConsul.class))
                .map(annotation -> evaluate(annotation.value()))
                .orElseGet(() -> ConditionEvaluationResult.enabled("decided for the class"));
    }

    private static ConditionEvaluationResult evaluate(NeedsConsul.Source source) {
        Optional<String> lack = ConsulUnderTest.lack(source);
        if (lack.isEmpty()) {
            return ConditionEvaluationResult.enabled("there is a Consul");
        }
        if (source != NeedsConsul.Source.CONTAINER && ConsulUnderTest.isRequired()) {
            throw ConsulUnderTest.requiredButMissing(lack.get());
        }
        return ConditionEvaluationResult.disabled(lack.get());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        RUNNING.incrementAndGet();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        RUNNING.decrementAndGet();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        RUNNING.incrementAndGet();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        RUNNING.decrementAndGet();
    }
}
