package dev.pointsman.testkit;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The JUnit extension of {@link NeedsChromium}: skips before anything of the test runs. */
final class NeedsChromiumExtension implements ExecutionCondition {
    private static final String HOW = "there is no %s on PATH, so pages are not looked at in a browser"
            + " (Debian's packages chromium and chromium-driver have what is needed)";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String missing = ChromiumCommands.chromium().isEmpty()
                ? "chromium"
                : ChromiumCommands.driver().isEmpty() ? "chromedriver" : null;
        if (missing == null) {
            return ConditionEvaluationResult.enabled("there is a Chromium");
        }
        if ("true".equals(System.getenv("POINTSMAN_REQUIRE_CHROMIUM"))) {
            throw new IllegalStateException(HOW.formatted(missing));
        }
        return ConditionEvaluationResult.disabled(HOW.formatted(missing));
    }
}
