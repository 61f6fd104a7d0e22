package dev.pointsman.registry.embedded;

import dev.pointsman.registry.Weights;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Facts for the tests of this package. */
final class Samples {
    static final Node NODE = new Node("", "n1", "10.0.0.1", Map.of(), Map.of(), 0, 0);

    private Samples() {}

    static Service service(String id, String name, String... tags) {
        return onPort(id, name, 80, tags);
    }

    static Service onPort(String id, String name, int port, String... tags) {
        return new Service(id, name, List.of(tags), "", port, Map.of(), Map.of(), Weights.DEFAULT, false, false, 0, 0);
    }

    static Check check(String id, Service service, CheckStatus status) {
        return new Check(id, "a check", status, "", "", service.id(), service.name(), service.tags(), "ttl", 0, 0);
    }

    static Check nodeCheck(String id, CheckStatus status) {
        return new Check(id, "a check", status, "", "", "", "", List.of(), "", 0, 0);
    }

    static CheckDefinition ttl(String id, String serviceId, Duration ttl) {
        return definition(id, serviceId, CheckDefinition.CheckKind.TTL, Duration.ZERO, ttl, Duration.ZERO, 0, 0);
    }

    static CheckDefinition http(String id, Duration interval) {
        return definition(id, "web", CheckDefinition.CheckKind.HTTP, interval, Duration.ZERO, Duration.ZERO, 0, 0);
    }

    static CheckDefinition http(String id, Duration interval, int failures, int successes) {
        return definition(
                id, "web", CheckDefinition.CheckKind.HTTP, interval, Duration.ZERO, Duration.ZERO, failures, successes);
    }

    static CheckDefinition abandoned(String id, String serviceId, Duration ttl, Duration after) {
        return definition(id, serviceId, CheckDefinition.CheckKind.TTL, Duration.ZERO, ttl, after, 0, 0);
    }

    private static CheckDefinition definition(
            String id,
            String serviceId,
            CheckDefinition.CheckKind kind,
            Duration interval,
            Duration ttl,
            Duration deregisterAfter,
            int failures,
            int successes) {
        return new CheckDefinition(
                id,
                "a check",
                "",
                serviceId,
                null,
                kind,
                "http://127.0.0.1/health",
                "GET",
                Map.of(),
                "",
                false,
                interval,
                Duration.ofSeconds(1),
                ttl,
                deregisterAfter,
                failures,
                successes);
    }
}
