package dev.pointsman.balancer.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pointsman.balancer.traffic.TrafficHistory.HistoryPoint;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import dev.pointsman.testkit.ManualTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficSamplerTest {
    private final ManualTime time = new ManualTime();
    private final TestMeters meters = new TestMeters();
    private final TrafficSampler sampler = new TrafficSampler();

    private void look() {
        sampler.look(meters, time.nanos(), time.instant());
    }

    private void lookAfter(long seconds) {
        time.passSeconds(seconds);
        look();
    }

    private Traffic ofService() {
        return sampler.service("svc", List.of("/svc"));
    }

    @Test
    void before_there_are_two_looks_nothing_is_known() {
        assertThat(sampler.all()).isEqualTo(Traffic.UNKNOWN);
        meters.requests("/svc", "svc", 1000, 0, 5);
        look();

        assertThat(sampler.all()).isEqualTo(Traffic.UNKNOWN);
    }

    @Test
    void what_was_counted_before_the_first_look_is_no_traffic_of_now() {
        meters.requests("/svc", "svc", 1000, 0, 5);
        look();
        lookAfter(1);

        assertThat(sampler.all()).isEqualTo(Traffic.NONE);
    }

    @Test
    void rates_and_quantiles_are_of_the_last_seconds_alone() {
        look();
        meters.requests("/svc", "svc", 50, 0, 800);
        lookAfter(1);
        for (int i = 0; i < 5; i++) {
            meters.requests("/svc", "svc", 98, 0, 10).requests("/svc", "svc", 2, 1, 400);
            lookAfter(1);
        }

        assertThat(ofService().rate()).isEqualTo(100);
        assertThat(ofService().errors()).isEqualTo(1);
        assertThat(ofService().p50Millis()).isCloseTo(10, within(1.0));
        assertThat(ofService().p99Millis()).isCloseTo(400, within(40.0));
    }

    @Test
    void a_service_without_requests_has_none() {
        meters.requests("/svc", "svc", 7, 0, 5);
        look();
        meters.requests("/svc", "svc", 7, 0, 5);
        lookAfter(1);
        assertThat(ofService().rate()).isEqualTo(7);

        lookAfter(5);
        lookAfter(1);

        assertThat(ofService()).isEqualTo(Traffic.NONE);
        assertThat(sampler.service("other", List.of("/svc"))).isEqualTo(Traffic.NONE);
    }

    @Test
    void rare_looks_know_the_rate_of_the_time_between_them() {
        look();
        meters.requests("/svc", "svc", 60, 0, 5);
        lookAfter(6);

        assertThat(ofService().rate()).isEqualTo(10);

        meters.requests("/svc", "svc", 120, 0, 5);
        lookAfter(6);

        assertThat(ofService().rate()).isEqualTo(20);
    }

    @Test
    void all_are_together_and_what_no_route_took_stands_for_itself() {
        look();
        meters.requests("/svc", "svc", 10, 0, 5)
                .requests("/svc", "canary", 5, 5, 5)
                .requests("", "", 20, 0, 1);
        lookAfter(1);

        assertThat(sampler.all().rate()).isEqualTo(35);
        assertThat(sampler.all().errors()).isEqualTo(5);
        assertThat(sampler.unrouted().rate()).isEqualTo(20);
        assertThat(ofService().rate()).isEqualTo(10);
        assertThat(sampler.service("canary", List.of("/svc")).errors()).isEqualTo(5);
    }

    @Test
    void several_routes_to_a_service_add_up() {
        look();
        meters.requests("/a", "svc", 10, 0, 2).requests("/b", "svc", 90, 0, 200);
        lookAfter(1);

        Traffic both = sampler.service("svc", List.of("/a", "/b"));
        assertThat(both.rate()).isEqualTo(100);
        assertThat(both.p50Millis()).isCloseTo(200, within(20.0));
    }

    @Test
    void an_instance_has_its_attempts() {
        Pool pool = new Pool("svc", (ready, inFlight) -> (tried, request) -> null);
        pool.apply(new ServiceView("svc", List.of(instance("a"), instance("b"))));
        Upstream a = pool.snapshot().upstreams().get(0);
        Upstream b = pool.snapshot().upstreams().get(1);
        look();
        meters.attempts(a, 30, 3, 20);
        lookAfter(1);

        assertThat(sampler.instance(a).rate()).isEqualTo(30);
        assertThat(sampler.instance(a).errors()).isEqualTo(3);
        assertThat(sampler.instance(b)).isEqualTo(Traffic.NONE);
    }

    private static Instance instance(String id) {
        return new Instance(
                new InstanceKey("n1", id),
                "svc",
                "127.0.0.1",
                1000,
                List.of(),
                Map.of(),
                Weights.DEFAULT,
                Health.PASSING,
                "");
    }

    @Test
    void what_was_forgotten_and_comes_back_counts_from_zero() {
        meters.requests("/svc", "svc", 1000, 0, 5);
        look();
        meters.forget("/svc");
        meters.requests("/svc", "svc", 4, 0, 5);
        lookAfter(1);

        assertThat(ofService().rate()).isEqualTo(4);

        meters.forget("/svc");
        lookAfter(1);
        assertThat(ofService()).isEqualTo(Traffic.NONE);
    }

    @Test
    void other_meters_begin_anew() {
        look();
        meters.requests("/svc", "svc", 10, 0, 5);
        lookAfter(1);
        sampler.look(new TestMeters(), time.nanos(), time.instant());

        assertThat(sampler.all()).isEqualTo(Traffic.UNKNOWN);

        sampler.look(null, time.nanos(), time.instant());
        assertThat(sampler.all()).isEqualTo(Traffic.UNKNOWN);
    }

    @Test
    void of_a_thousand_services_those_alone_are_read_that_have_counted_something() {
        for (int i = 0; i < 1000; i++) {
            meters.requests("/" + i, "svc-" + i, 1, 0, 5);
        }
        look();
        int before = meters.timesRead();
        meters.requests("/7", "svc-7", 1, 0, 5);
        lookAfter(1);

        assertThat(meters.timesRead() - before).isEqualTo(1);
    }

    @Test
    void the_history_has_a_point_for_every_five_seconds_however_often_it_is_looked() {
        look();
        for (int second = 1; second <= 30; second++) {
            meters.requests("/svc", "svc", second <= 15 ? 10 : 40, 0, 5);
            lookAfter(1);
        }
        for (int step = 0; step < 2; step++) {
            meters.requests("/svc", "svc", 50, 50, 5);
            lookAfter(5);
        }

        List<HistoryPoint> points = sampler.history().points("svc");
        assertThat(points)
                .extracting(point -> point.traffic().rate())
                .containsExactly(10.0, 10.0, 10.0, 40.0, 40.0, 40.0, 10.0, 10.0);
        assertThat(points.get(7).traffic().errors()).isEqualTo(10);
        assertThat(points.get(7).at()).isEqualTo(time.instant());
        assertThat(points.get(0).traffic().p50Millis()).isCloseTo(5, within(0.5));
        assertThat(sampler.history().points(null)).hasSize(8);
    }

    @Test
    void the_history_ends_after_fifteen_minutes_and_forgets_services() {
        look();
        meters.requests("/svc", "svc", 10, 0, 5);
        lookAfter(5);
        assertThat(sampler.history().services()).isEqualTo(1);

        for (int step = 1; step < TrafficHistory.POINTS; step++) {
            lookAfter(5);
        }
        assertThat(sampler.history().points("svc")).hasSize(TrafficHistory.POINTS);
        assertThat(sampler.history().points("svc").get(0).traffic().rate()).isEqualTo(2);

        lookAfter(5);
        assertThat(sampler.history().services()).isZero();
        assertThat(sampler.history().points("svc"))
                .hasSize(TrafficHistory.POINTS)
                .allSatisfy(point -> assertThat(point.traffic().rate()).isZero());
    }

    @Test
    void the_history_of_more_services_than_there_may_be_is_not_kept() {
        look();
        for (int i = 0; i < TrafficHistory.MOST_SERVICES + 10; i++) {
            meters.requests("/" + i, "svc-" + i, 5, 0, 5);
        }
        lookAfter(5);

        assertThat(sampler.history().services()).isEqualTo(TrafficHistory.MOST_SERVICES);
        assertThat(sampler.history().points(null).get(0).traffic().rate()).isEqualTo(TrafficHistory.MOST_SERVICES + 10);
    }
}
