package dev.pointsman.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** The JUnit extension of {@link NeedsPrograms}: skips before anything of the test runs. */
final class NeedsProgramsExtension implements ExecutionCondition {
    private static final String REQUIRED = "POINTSMAN_REQUIRE_PROGRAMS";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return context.getElement()
                .flatMap(element -> AnnotationSupport.findAnnotation(element, NeedsPrograms.class))
                .map(NeedsProgramsExtension::evaluate)
                .orElseGet(() -> ConditionEvaluationResult.enabled("decided for the class"));
    }

    private static ConditionEvaluationResult evaluate(NeedsPrograms needed) {
        List<String> missing = Arrays.stream(needed.value())
                .filter(program -> !isOnPath(program))
                .toList();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("all are on PATH");
        }
        String lack = "no " + String.join(", no ", missing) + " on PATH; Debian's package " + needed.debianPackage()
                + " has " + (missing.size() == 1 ? "it" : "them");
        if (Boolean.parseBoolean(System.getenv(REQUIRED))) {
            throw new IllegalStateException(lack + ", and " + REQUIRED + " is true");
        }
        return ConditionEvaluationResult.disabled(lack);
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
