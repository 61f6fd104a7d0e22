package dev.pointsman.registry.embedded;

import java.util.List;

/**
 * A check's newest result, as Consul keeps it.
 *
 * @param serviceId empty when the check is about the node
 * @param serviceName the service's name when the check was registered
 * @param type {@code http}, {@code tcp}, {@code ttl}, {@code maintenance}, ... or empty
 */
record Check(
        String node,
        String id,
        String name,
        CheckStatus status,
        String notes,
        String output,
        String serviceId,
        String serviceName,
        List<String> serviceTags,
        String type,
        long createIndex,
        long modifyIndex) {
    /** Equal but for the output: Consul tells nobody at once that only a check's words have changed. */
    boolean sameFacts(Check other) {
        return withOutput("").withIndexes(0, 0).equals(other.withOutput("").withIndexes(0, 0));
    }

    Check withIndexes(long create, long modify) {
        return new Check(
                node, id, name, status, notes, output, serviceId, serviceName, serviceTags, type, create, modify);
    }

    Check withOutput(String newOutput) {
        return withResult(status, newOutput);
    }

    Check withResult(CheckStatus newStatus, String newOutput) {
        return new Check(
                node,
                id,
                name,
                newStatus,
                notes,
                newOutput,
                serviceId,
                serviceName,
                serviceTags,
                type,
                createIndex,
                modifyIndex);
    }
}
