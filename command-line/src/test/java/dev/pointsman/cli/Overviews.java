package dev.pointsman.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Documents as {@code GET /api/overview} gives them. */
final class Overviews {
    private static final String TRAFFIC = "{\"rate\": %s, \"errors\": 0, \"p50Ms\": 3.14, \"p99Ms\": 120.4}";

    private Overviews() {}

    static String text(String... services) {
        return """
                {"at": "2026-11-28T12:00:00.1Z", "version": "1.2.3", "state": "ready", "startedAt": "2026-11-28T08:00:00Z",
                 "traffic": {"rate": 120.4, "errors": 0.004, "p50Ms": 3.14, "p99Ms": null},
                 "connections": {"clients": 12, "upstreams": 30},
                 "config": {"version": 3, "since": "2026-11-28T09:00:00Z", "refused": null},
                 "registry": {"ok": true, "oldestAgeMs": 1200, "failing": 0, "lastError": null},
                 "total": 1000, "matching": %d, "inTrouble": %d, "unrouted": {"rate": 0.2, "errors": 0, "p50Ms": 0.1, "p99Ms": 0.1},
                 "services": [%s]}
                """.formatted(
                        services.length,
                        Stream.of(services)
                                .filter(each -> each.contains("\"inTrouble\": true"))
                                .count(),
                        String.join(", ", services));
    }

    static JsonNode of(String... services) {
        return json(text(services));
    }

    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    /** A service that is well, with so many instances. */
    static String well(String name, int instances) {
        return service(name, "", instances, IntStream.range(0, instances).mapToObj(i -> instance(8000 + i)));
    }

    /** A service with one instance that is ready and one that is ejected. */
    static String inTrouble(String name) {
        return service(
                name,
                "1 of 2 instances is ejected",
                1,
                Stream.of(
                        instance(8000),
                        instance(8001)
                                .replace("\"ready\"", "\"ejected\"")
                                .replace(
                                        "\"reason\": \"\"",
                                        "\"reason\": \"ejected for 30 s: it could not be reached\"")));
    }

    private static String service(String name, String why, int ready, Stream<String> instances) {
        String all = instances.collect(Collectors.joining(", "));
        return """
                {"name": "%s", "inTrouble": %s, "why": "%s", "ready": %d, "all": %d, "inFlight": 4, "waiting": 5,
                 "traffic": %s, "upstreams": [%s]}
                """.formatted(
                name, !why.isEmpty(), why, ready, all.split("address", -1).length - 1, TRAFFIC.formatted("100"), all);
    }

    private static String instance(int port) {
        return """
                {"id": "i-%d", "address": "127.0.0.1", "port": %d, "state": "ready", "reason": "", "inFlight": 2,
                 "stalled": false, "traffic": %s}
                """.formatted(port, port, TRAFFIC.formatted("50"));
    }
}
