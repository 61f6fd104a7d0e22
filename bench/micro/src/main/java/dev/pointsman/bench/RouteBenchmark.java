package dev.pointsman.bench;

import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.balancer.route.RequestMatch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteLookup.RoutedFacts;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.RouteOrigin;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.route.TagTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of the look-up of a request's route, and of making a table, by the number of routes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class RouteBenchmark {
    @Param({"10", "100", "1000", "10000"})
    public int routes;

    private List<Route> all = List.of();
    private RouteTable byPath = new RouteTable(List.of());
    private RouteTable byHost = new RouteTable(List.of());
    private String path = "";
    private String host = "";

    @Setup
    public void fill() {
        all = new ArrayList<>();
        List<Route> hosts = new ArrayList<>();
        for (int i = 0; i < routes; i++) {
            all.add(new Route("/team-" + i % 100 + "/service-" + i, "service-" + i));
            hosts.add(ofHost("service-" + i + ".example.com", i));
        }
        hosts.add(ofHost("*.example.com", routes));
        byPath = new RouteTable(all);
        byHost = new RouteTable(hosts);
        int middle = routes / 2;
        path = "/team-" + middle % 100 + "/service-" + middle + "/items/42";
        host = "service-" + middle + ".example.com:8080";
    }

    private static Route ofHost(String host, int number) {
        HostPattern pattern = Objects.requireNonNull(HostPattern.parse(host));
        RouteKey key = new RouteKey(pattern, "/", RequestMatch.ANY);
        return new Route(key, new TagTarget("service-" + number), RouteOptions.DEFAULT, RouteOrigin.DEFAULT);
    }

    @Benchmark
    public @Nullable TableEntry byPath() {
        return byPath.find("example.com", path, RoutedFacts.NONE);
    }

    @Benchmark
    public @Nullable TableEntry byHost() {
        return byHost.find(host, "/items/42", RoutedFacts.NONE);
    }

    @Benchmark
    public @Nullable TableEntry byWildcardHost() {
        return byHost.find("other.example.com:8080", "/items/42", RoutedFacts.NONE);
    }

    @Benchmark
    public @Nullable TableEntry withoutRoute() {
        return byPath.find("example.com", "/none/of/these", RoutedFacts.NONE);
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public RouteTable makeTable() {
        return new RouteTable(all);
    }
}
