package dev.pointsman.balancer.plan;

import dev.pointsman.balancer.plan.PlannedGroup.PlannedExample;
import dev.pointsman.balancer.plan.PlannedGroup.PlannedFlow;
import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.balancer.route.RecentRequest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A count of requests by where they go from and to, and by what they are. */
final class GroupCount {
    private final Map<FlowKey, Integer> flows = new HashMap<>();
    private final Map<ExampleKey, Integer> examples = new HashMap<>();
    private int requests;

    private record FlowKey(String from, String to) {}

    private record ExampleKey(String method, String host, String path, FlowKey flow) {}

    void add(RecentRequest request, String from, String to) {
        FlowKey flow = new FlowKey(from, to);
        String host = request.host() == null ? "" : HostPattern.normalName(request.host());
        requests++;
        flows.merge(flow, 1, Integer::sum);
        examples.merge(new ExampleKey(request.method(), host, request.path(), flow), 1, Integer::sum);
    }

    PlannedGroup group() {
        // By their texts where they are equally frequent, so that the same requests give the same plan.
        List<PlannedFlow> byCount = flows.entrySet().stream()
                .map(each -> new PlannedFlow(each.getKey().from(), each.getKey().to(), each.getValue()))
                .sorted(Comparator.comparing(PlannedFlow::requests, Comparator.reverseOrder())
                        .thenComparing(PlannedFlow::from)
                        .thenComparing(PlannedFlow::to))
                .toList();
        List<PlannedExample> frequent = examples.entrySet().stream()
                .map(each -> example(each.getKey(), each.getValue()))
                .sorted(Comparator.comparing(PlannedExample::requests, Comparator.reverseOrder())
                        .thenComparing(PlannedExample::host)
                        .thenComparing(PlannedExample::path)
                        .thenComparing(PlannedExample::method)
                        .thenComparing(PlannedExample::from))
                .limit(PlannedGroup.MOST_EXAMPLES)
                .toList();
        return new PlannedGroup(requests, byCount, frequent);
    }

    private static PlannedExample example(ExampleKey key, int count) {
        return new PlannedExample(
                key.method(),
                key.host(),
                key.path(),
                key.flow().from(),
                key.flow().to(),
                count);
    }
}
