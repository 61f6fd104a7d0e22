package dev.pointsman.balancer.overview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.admin.StateChanges;
import dev.pointsman.balancer.admin.StateView;
import dev.pointsman.balancer.admin.StateView.Followed;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.balancer.fabio.FabioIndex;
import dev.pointsman.balancer.metrics.TcpCounts;
import dev.pointsman.balancer.metrics.TrafficMeters.RouteName;
import dev.pointsman.balancer.resilience.PoolTraffic;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.route.RoutesInForce;
import dev.pointsman.balancer.testkit.QuietWatch;
import dev.pointsman.balancer.traffic.TestMeters;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.OutlierOptions;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.pool.PoolTime;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.Weights;
import dev.pointsman.settings.Setting;
import dev.pointsman.testkit.ManualTime;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is seen of a thousand services with three instances each. */
class LiveTrafficTest {
    private static final int SERVICES = 1000;
    private static final WatchStatus HEARD = new WatchStatus(1, Instant.EPOCH, Instant.EPOCH, null, 0);

    private final ManualTime time = new ManualTime();
    private final TestMeters meters = new TestMeters();
    private final PoolTime poolTime = new PoolTime(time::nanos, time::instant);
    private final List<Followed> followed = new ArrayList<>();
    private Map<RouteName, TcpCounts> connections = Map.of();
    private final LiveTraffic traffic = new LiveTraffic(
            () -> meters,
            () -> connections,
            () -> followed,
            this::routes,
            new StateView(() -> followed, new StateChanges(Clock.systemUTC()), Clock.systemUTC()),
            () -> new BalancerState("1.0", "ready", Instant.EPOCH, 12, 30, 3, null, null),
            poolTime);

    private RoutesInForce routes() {
        return routes;
    }

    private RoutesInForce routes = new TestRoutes(new RouteTable(List.of(), FabioIndex::new), List.of());

    private record TestRoutes(RouteTable table, List<Pool> pools) implements RoutesInForce {
        @Override
        public long version() {
            return table.routes().size();
        }

        @Override
        public List<Pool> branchPools(int index) {
            String target = table.routes().get(index).branches().get(0).target().name();
            return pools.stream().filter(pool -> pool.target().equals(target)).toList();
        }
    }

    @BeforeEach
    void make() throws Exception {
        List<Setting> settings = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            Pool pool = new Pool(
                    "svc-" + i,
                    (ready, inFlight) -> (tried, request) -> ready.isEmpty() ? null : ready.get(0),
                    PoolOptions.DEFAULT.withOutliers(OutlierOptions.DEFAULT),
                    poolTime,
                    change -> {});
            int base = i * 3;
            pool.apply(new ServiceView(
                    "svc-" + i,
                    IntStream.range(base, base + 3)
                            .mapToObj(LiveTrafficTest::instance)
                            .toList()));
            followed.add(new Followed(
                    pool,
                    new QuietWatch("svc-" + i, HEARD),
                    "round-robin",
                    new PoolTraffic(),
                    null,
                    List::of,
                    Instant.EPOCH));
            settings.add(Setting.flag("route", "/route-" + i + "=svc-" + i));
        }
        settings.add(Setting.flag("tcp", ":5432=svc-600"));
        routes = new TestRoutes(
                new RouteTable(ConfigReader.read(settings, Map.of()).routes(), FabioIndex::new),
                followed.stream().map(Followed::pool).toList());
    }

    private static Instance instance(int number) {
        return new Instance(
                new InstanceKey("n1", "i-" + number),
                "svc",
                "10.0.0.1",
                10_000 + number,
                List.of("svc"),
                Map.of(),
                Weights.DEFAULT,
                Health.PASSING,
                "");
    }

    private JsonObject overview(String text, boolean onlyTrouble, int offset, int limit) {
        time.passSeconds(1);
        return traffic.overview().json(new OverviewQuery(text, onlyTrouble, offset, limit));
    }

    private static List<String> names(JsonObject overview) {
        return overview.getJsonArray("services").stream()
                .map(service -> ((JsonObject) service).getString("name"))
                .toList();
    }

    private static JsonObject first(JsonObject overview) {
        return overview.getJsonArray("services").getJsonObject(0);
    }

    private Upstream upstream(int service, int index) {
        return followed.get(service).pool().snapshot().upstreams().get(index);
    }

    @Test
    void a_registry_that_fails_does_not_hide_which_services_are_in_trouble_of_their_own() {
        WatchStatus failing = new WatchStatus(1, Instant.EPOCH, Instant.EPOCH, "connection refused", 3);
        followed.replaceAll(one -> new Followed(
                one.pool(),
                new QuietWatch(one.pool().target(), failing),
                "round-robin",
                new PoolTraffic(),
                null,
                List::of,
                Instant.EPOCH));
        upstream(999, 0).begin().end(Outcome.CONNECT_FAILED);

        JsonObject overview = overview("", true, 0, 3);

        assertThat(overview.getInteger("matching")).isEqualTo(SERVICES);
        assertThat(names(overview).get(0)).isEqualTo("svc-999");
        assertThat(first(overview).getString("why"))
                .isEqualTo("1 of 3 instances is ejected; the registry does not respond: connection refused");
    }

    @Test
    void what_is_in_trouble_comes_first_then_what_has_most_requests() {
        overview("", false, 0, 1);
        meters.requests("/route-500", "svc-500", 900, 0, 5).requests("/route-20", "svc-20", 50, 0, 5);
        upstream(300, 1).begin().end(Outcome.CONNECT_FAILED);

        JsonObject overview = overview("", false, 0, 4);

        assertThat(names(overview)).containsExactly("svc-300", "svc-500", "svc-20", "svc-0");
        assertThat(overview.getInteger("total")).isEqualTo(SERVICES);
        assertThat(overview.getInteger("matching")).isEqualTo(SERVICES);
        assertThat(overview.getJsonObject("traffic").getDouble("rate")).isEqualTo(950);
        JsonObject troubled = first(overview);
        assertThat(troubled.getBoolean("inTrouble")).isTrue();
        assertThat(troubled.getString("why")).isEqualTo("1 of 3 instances is ejected");
        assertThat(troubled.getInteger("ready")).isEqualTo(2);
        assertThat(troubled.getInteger("all")).isEqualTo(3);
        assertThat(troubled.getJsonArray("upstreams").getJsonObject(1).getString("state"))
                .isEqualTo("ejected");
        JsonObject busiest = overview.getJsonArray("services").getJsonObject(1);
        assertThat(busiest.getJsonArray("routes").getJsonObject(0).getString("route"))
                .isEqualTo("/route-500");
        assertThat(busiest.getJsonArray("routes")
                        .getJsonObject(0)
                        .getJsonObject("traffic")
                        .getDouble("rate"))
                .isEqualTo(900);
    }

    @Test
    void a_service_with_a_tcp_route_shows_its_connections_and_comes_first_by_their_rate() {
        overview("", false, 0, 1);
        meters.requests("/route-20", "svc-20", 50, 0, 5);
        connections = Map.of(new RouteName(":5432", "svc-600"), new TcpCounts(7, 60, 1000, 2000));

        JsonObject overview = overview("", false, 0, 2);

        JsonObject expected = new JsonObject()
                .put("open", 7)
                .put("rate", 60.0)
                .put("received", 1000.0)
                .put("sent", 2000.0);
        assertThat(names(overview)).containsExactly("svc-600", "svc-20");
        assertThat(overview.getJsonObject("tcp").encode()).isEqualTo(expected.encode());
        JsonObject service = first(overview);
        assertThat(service.getJsonObject("tcp").encode()).isEqualTo(expected.encode());
        assertThat(service.getJsonArray("routes").stream()
                        .map(route -> ((JsonObject) route).getString("route") + " "
                                + (((JsonObject) route).getValue("tcp") != null)))
                .containsExactlyInAnyOrder("/route-600 false", ":5432 true");
        JsonObject withoutTcp = overview.getJsonArray("services").getJsonObject(1);
        assertThat(withoutTcp.getMap()).containsEntry("tcp", null);
    }

    @Test
    void pages_follow_one_another_and_have_all() {
        List<String> all = new ArrayList<>();
        for (int offset = 0; offset < SERVICES; offset += 200) {
            all.addAll(names(overview("", false, offset, 200)));
        }

        assertThat(all).hasSize(SERVICES).doesNotHaveDuplicates();
        assertThat(names(overview("", false, 1000, 200))).isEmpty();
    }

    @Test
    void services_are_found_by_name_route_and_instance() {
        assertThat(names(overview("svc-77", false, 0, 200))).hasSize(11).contains("svc-77", "svc-770");
        assertThat(names(overview("route-999", false, 0, 200))).containsExactly("svc-999");
        assertThat(names(overview("n1/i-2999", false, 0, 200))).containsExactly("svc-999");
        assertThat(names(overview("10.0.0.1:10000", false, 0, 200))).containsExactly("svc-0");
        JsonObject none = overview("nothing", false, 0, 200);
        assertThat(none.getInteger("matching")).isZero();
        assertThat(none.getInteger("total")).isEqualTo(SERVICES);
    }

    @Test
    void those_that_are_well_can_be_left_out() {
        assertThat(names(overview("", true, 0, 50))).isEmpty();

        overview("", false, 0, 1);
        meters.requests("/route-3", "svc-3", 100, 30, 5);
        JsonObject overview = overview("", true, 0, 50);

        assertThat(names(overview)).containsExactly("svc-3");
        assertThat(first(overview).getString("why")).isEqualTo("30 % of requests fail");
    }

    @Test
    void trouble_is_counted_of_all_services_whatever_is_shown() {
        upstream(300, 1).begin().end(Outcome.CONNECT_FAILED);
        upstream(301, 1).begin().end(Outcome.CONNECT_FAILED);

        assertThat(overview("", false, 0, 50).getInteger("inTrouble")).isEqualTo(2);
        assertThat(overview("svc-77", false, 0, 50).getInteger("inTrouble")).isEqualTo(2);
        assertThat(overview("", true, 0, 1).getInteger("inTrouble")).isEqualTo(2);
    }

    @Test
    void an_instance_that_was_drained_is_no_trouble_as_long_as_others_serve() {
        followed.get(0).pool().drain(upstream(0, 0).key(), "drained by somebody");
        assertThat(overview("", true, 0, 50).getInteger("matching")).isZero();

        followed.get(0).pool().drain(upstream(0, 1).key(), "drained by somebody");
        followed.get(0).pool().drain(upstream(0, 2).key(), "drained by somebody");

        JsonObject overview = overview("", true, 0, 50);
        assertThat(first(overview).getString("why")).isEqualTo("no instance takes requests");
        assertThat(first(overview).getJsonArray("upstreams").getJsonObject(0).getString("reason"))
                .isEqualTo("drained by somebody");
    }

    @Test
    void what_is_not_known_is_null() {
        JsonObject overview = traffic.overview().json(new OverviewQuery("", false, 0, 1));

        assertThat(overview.getJsonObject("traffic").getValue("rate")).isNull();
        assertThat(overview.getJsonObject("config").getValue("since")).isNull();
        assertThat(first(overview).getJsonObject("traffic").getMap()).containsKeys("rate", "errors", "p50Ms", "p99Ms");
    }

    @Test
    void the_history_of_a_service_that_there_is_not_is_none() {
        traffic.look();
        time.passSeconds(5);
        traffic.look();

        assertThat(traffic.history("no-such-service")).isNull();
        assertThat(traffic.history("svc-1")).isNotNull();
        JsonObject all = Objects.requireNonNull(traffic.history(null));
        assertThat(all.getInteger("stepMs")).isEqualTo(5000);
        assertThat(all.getJsonArray("points")).hasSize(1);
    }
}
