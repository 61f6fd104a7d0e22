package dev.pointsman.balancer.plan;

import java.util.List;

/**
 * The requests that another table would treat differently in the same way. Immutable.
 *
 * @param requests how many
 * @param flows from which route to which, the most frequent first; all of them
 * @param examples the most frequent requests among them, {@value #MOST_EXAMPLES} at most
 */
public record PlannedGroup(int requests, List<PlannedFlow> flows, List<PlannedExample> examples) {
    /** The most examples. */
    public static final int MOST_EXAMPLES = 10;

    /**
     * Requests that would go from one route to another.
     *
     * @param from the route now and where it leads to, or {@code 404}
     * @param to the same then
     */
    public record PlannedFlow(String from, String to, int requests) {}

    /**
     * Requests with the same method, host and path.
     *
     * @param host empty if none was sent
     * @param requests how many of them there were
     */
    public record PlannedExample(String method, String host, String path, String from, String to, int requests) {}

    public PlannedGroup {
        flows = List.copyOf(flows);
        examples = List.copyOf(examples);
    }
}
