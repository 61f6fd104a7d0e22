package dev.pointsman.registry;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The registration of one instance of a service.
 *
 * @param id unique on its agent
 * @param name the service's name
 * @param address where clients reach it, or null for its agent's address
 * @param port its TCP port
 * @param tags its tags
 * @param meta its metadata; Consul allows keys of {@code [A-Za-z0-9_-]}, at most 64 pairs, values up to 512 bytes
 * @param check how the registry finds out that it is healthy
 */
public record ServiceRegistration(
        String id,
        String name,
        @Nullable String address,
        int port,
        List<String> tags,
        Map<String, String> meta,
        ServiceCheck check) {
    public ServiceRegistration {
        tags = List.copyOf(tags);
        meta = Map.copyOf(meta);
    }
}
