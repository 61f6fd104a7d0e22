package dev.pointsman.registry.embedded;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A check as it was registered, before any result.
 *
 * @param id empty until the agent has given it one
 * @param name empty until the agent has given it one
 * @param serviceId empty for a check of the node
 * @param status the status to begin with, or null for critical
 * @param target a URL for {@link CheckKind#HTTP}, host:port for {@link CheckKind#TCP}, else empty
 * @param method for {@link CheckKind#HTTP}; GET unless said otherwise
 * @param interval from the end of one run to the start of the next
 * @param timeout for one run
 * @param ttl for {@link CheckKind#TTL}: how long a heartbeat counts
 * @param deregisterAfter how long it may stay critical before its service is deregistered; zero for ever
 * @param failuresBeforeCritical how many failures in a row it takes; the first one counts when it is 0 or 1
 * @param successBeforePassing how many successes in a row it takes; the first one counts when it is 0 or 1
 */
record CheckDefinition(
        String id,
        String name,
        String notes,
        String serviceId,
        @Nullable CheckStatus status,
        CheckKind kind,
        String target,
        String method,
        Map<String, List<String>> headers,
        String body,
        boolean skipTlsVerify,
        Duration interval,
        Duration timeout,
        Duration ttl,
        Duration deregisterAfter,
        int failuresBeforeCritical,
        int successBeforePassing) {
    /** The way in which a check comes to its result. */
    enum CheckKind {
        HTTP("http"),
        TCP("tcp"),
        TTL("ttl"),
        /** Consul would run it; here it stays as it was registered. */
        GRPC("grpc"),
        /** Consul would run it; here it stays as it was registered. */
        ALIAS("alias");

        private final String wire;

        CheckKind(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }
    }

    CheckDefinition named(String newId, String newName, String newServiceId) {
        return new CheckDefinition(
                newId,
                newName,
                notes,
                newServiceId,
                status,
                kind,
                target,
                method,
                headers,
                body,
                skipTlsVerify,
                interval,
                timeout,
                ttl,
                deregisterAfter,
                failuresBeforeCritical,
                successBeforePassing);
    }
}
