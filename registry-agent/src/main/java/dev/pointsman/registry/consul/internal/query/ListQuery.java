package dev.pointsman.registry.consul.internal.query;

/**
 * The description of a list of Consul's: where it is, and how its responses are read.
 *
 * @param path percent-encoded, without parameters; also how sentences call the list
 * @param parameters beside index and wait, with an {@code &} after each
 * @param mayBeAbsent whether a 404 with an index says that the list is empty, as it does for keys
 * @param entry what an entry is called in sentences
 * @param rights what a token needs to read the list, as words after "it needs"
 */
public record ListQuery(String path, String parameters, boolean mayBeAbsent, String entry, String rights) {
    /** A list of services, nodes or checks, which any server may respond to. */
    static ListQuery ofServices(String path) {
        return new ListQuery(path, "stale&", false, "instance", "service:read and node:read");
    }
}
