package dev.pointsman.registry.consul.internal.query;

/**
 * The description of a list of Consul's: where it is, and how its responses are read.
 *
 * @param path percent-encoded, without parameters; also how sentences call the list
 * @param parameters beside index and wait, with an {@code &} after each
 * @param mayBeAbsent whether a 404 with an index says that the list is empty, as it does for keys
 * @param mayBeEmpty whether a list is believed to be empty though Consul left out what the token may not read
 * @param entry what an entry is called in sentences
 * @param rights what a token needs to read the list, as words after "it needs"
 */
public record ListQuery(
        String path, String parameters, boolean mayBeAbsent, boolean mayBeEmpty, String entry, String rights) {
    private static final String RIGHTS = "service:read and node:read";

    /** A list of services, nodes or checks, which any server may respond to. */
    public static ListQuery ofServices(String path) {
        return new ListQuery(path, "stale&", false, false, "instance", RIGHTS);
    }

    /** A list that is empty as a rule, of the checks that are not passing, which any server may respond to. */
    public static ListQuery ofTrouble(String path) {
        return new ListQuery(path, "stale&", false, true, "check", RIGHTS);
    }
}
