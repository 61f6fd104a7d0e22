package dev.pointsman.registry.embedded;

import java.util.List;

/**
 * A registered check with its newest result.
 *
 * @param serviceId empty when the check is about the node
 * @param serviceName the service's name when the check was registered
 * @param type {@code http}, {@code tcp}, {@code ttl}, {@code maintenance}, ... or empty
 */
record Check(
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
    /** Equal but for the output: in Consul too, new output alone wakes no query. */
    boolean sameFacts(Check other) {
        return withOutput("").withIndexes(0, 0).equals(other.withOutput("").withIndexes(0, 0));
    }

    Check withIndexes(long create, long modify) {
        return new Check(id, name, status, notes, output, serviceId, serviceName, serviceTags, type, create, modify);
    }

    Check withOutput(String newOutput) {
        return withResult(status, newOutput);
    }

    Check withResult(CheckStatus newStatus, String newOutput) {
        return new Check(
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
