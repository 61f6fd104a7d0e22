package dev.pointsman.cli;

import dev.pointsman.settings.Setting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How instances are picked, for all routes; each is an option of a route too. docs/policies.md tells more. */
final class PoolFlags {
    private final Map<String, String> given = new LinkedHashMap<>();

    @Option(names = "--policy", paramLabel = "NAME", description = "whom to pick (round-robin); see docs/policies.md")
    void policy(@Nullable String value) {
        set("policy", value);
    }

    @Option(
            names = "--sticky-secret",
            paramLabel = "TEXT",
            description = "what sticky cookies are made with; better in POINTSMAN_STICKY_SECRET")
    void stickySecret(@Nullable String value) {
        set("sticky-secret", value);
    }

    @Option(
            names = "--attempt-timeout",
            paramLabel = "TIME",
            description = "after which an idempotent request goes on to another instance (0: never)")
    void attemptTimeout(@Nullable String value) {
        set("attempt-timeout", value);
    }

    @Option(names = "--max-fails", paramLabel = "N", description = "in a row, until an instance is left out (5)")
    void maxFails(@Nullable String value) {
        set("max-fails", value);
    }

    @Option(names = "--max-connect-fails", paramLabel = "N", description = "the same for connections (1)")
    void maxConnectFails(@Nullable String value) {
        set("max-connect-fails", value);
    }

    @Option(names = "--max-error-statuses", paramLabel = "N", description = "the same for answers with 5xx (0: never)")
    void maxErrorStatuses(@Nullable String value) {
        set("max-error-statuses", value);
    }

    @Option(names = "--fail-timeout", paramLabel = "TIME", description = "for how long at first, doubling (30s)")
    void failTimeout(@Nullable String value) {
        set("fail-timeout", value);
    }

    @Option(names = "--max-fail-timeout", paramLabel = "TIME", description = "for how long at most (5m)")
    void maxFailTimeout(@Nullable String value) {
        set("max-fail-timeout", value);
    }

    @Option(names = "--max-ejected", paramLabel = "PERCENT", description = "how many at a time, at most (50)")
    void maxEjected(@Nullable String value) {
        set("max-ejected", value);
    }

    @Option(
            names = "--fail-open",
            paramLabel = "BOOLEAN",
            description = "whether to try what does not look healthy when nothing does (true)")
    void failOpen(@Nullable String value) {
        set("fail-open", value);
    }

    @Option(
            names = "--slow-start",
            paramLabel = "TIME",
            description = "for how long a fresh instance gets less than its share (0)")
    void slowStart(@Nullable String value) {
        set("slow-start", value);
    }

    @Option(names = "--max-in-flight", paramLabel = "N", description = "requests on an instance at a time (0: any)")
    void maxInFlight(@Nullable String value) {
        set("max-in-flight", value);
    }

    @Option(names = "--max-requests", paramLabel = "N", description = "requests of a route at a time (0: any)")
    void maxRequests(@Nullable String value) {
        set("max-requests", value);
    }

    @Option(names = "--queue", paramLabel = "N", description = "how many wait at these limits; others get 503 (128)")
    void queue(@Nullable String value) {
        set("queue", value);
    }

    @Option(names = "--queue-timeout", paramLabel = "TIME", description = "for how long they wait (1s)")
    void queueTimeout(@Nullable String value) {
        set("queue-timeout", value);
    }

    private void set(String key, @Nullable String value) {
        if (value != null) {
            given.put(key, value);
        }
    }

    List<Setting> settings() {
        return given.entrySet().stream()
                .map(one -> Setting.flag(one.getKey(), one.getValue()))
                .toList();
    }
}
