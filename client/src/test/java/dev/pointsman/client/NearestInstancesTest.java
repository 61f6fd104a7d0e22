package dev.pointsman.client;

import static dev.pointsman.client.ClientUnderTest.API;
import static dev.pointsman.client.ClientUnderTest.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pointsman.client.ClientUnderTest.Received;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients in a zone. */
@Timeout(60)
class NearestInstancesTest {
    private static ClientUnderTest inZoneA(int spillOver) {
        return new ClientUnderTest(
                options -> options.withLocality(Locality.NONE.withZone("a").withSpillOver(spillOver)));
    }

    @Test
    void requests_stay_in_their_own_zone_as_long_as_it_serves_them() throws Exception {
        try (ClientUnderTest test = inZoneA(16)) {
            TestInstance near = test.instance("near");
            TestInstance far = test.instance("far");
            TestInstance nowhere = test.instance("nowhere");
            test.registry.list("api", near.inZone("a"), far.inZone("b"), nowhere.listed());
            for (int i = 0; i < 6; i++) {
                assertThat(test.get().body()).isEqualTo("near");
            }
            assertThat(far.requests() + nowhere.requests()).isZero();
        }
    }

    @Test
    void they_go_to_another_zone_while_their_own_is_down_and_come_back() throws Exception {
        try (ClientUnderTest test = inZoneA(16)) {
            TestInstance far = test.instance("far");
            TestInstance near = test.instance("near");
            test.registry.list("api", test.dead("near-dead").inZone("a"), far.inZone("b"));
            assertThat(test.get().body()).isEqualTo("far");
            test.registry.list("api", far.inZone("b"));
            assertThat(test.post("x").body()).isEqualTo("far");
            test.registry.list("api", near.inZone("a"), far.inZone("b"));
            assertThat(test.get().body()).isEqualTo("near");
        }
    }

    @Test
    void they_spill_over_where_too_many_are_in_flight_in_their_own_zone() throws Exception {
        try (ClientUnderTest test = inZoneA(3)) {
            List<Runnable> held = new ArrayList<>();
            TestInstance near = TestInstance.start(test.vertx, "near", request -> {
                synchronized (held) {
                    held.add(() -> request.response().end("near"));
                    held.notifyAll();
                }
            });
            TestInstance far = test.instance("far");
            test.registry.list("api", near.inZone("a"), far.inZone("b"));
            List<Future<Received>> first = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                first.add(test.send(HttpMethod.GET, API, null, Map.of()));
                synchronized (held) {
                    while (held.size() <= i) {
                        held.wait();
                    }
                }
            }
            assertThat(test.get().body()).isEqualTo("far");
            synchronized (held) {
                held.forEach(response -> test.vertx.runOnContext(there -> response.run()));
                held.clear();
            }
            for (Future<Received> each : first) {
                assertThat(got(each).body()).isEqualTo("near");
            }
            Future<Received> next = test.send(HttpMethod.GET, API, null, Map.of());
            synchronized (held) {
                while (held.isEmpty()) {
                    held.wait();
                }
                held.forEach(response -> test.vertx.runOnContext(there -> response.run()));
            }
            assertThat(got(next).body()).isEqualTo("near");
        }
    }

    @Test
    void the_zone_of_a_process_comes_from_its_environment() {
        assertThat(Locality.from(Map.of("POINTSMAN_ZONE", " eu-1a ")).zone()).isEqualTo("eu-1a");
        assertThat(Locality.from(Map.of()).zone()).isNull();
    }

    @Test
    void a_bad_locality_is_refused_in_one_sentence() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Locality.NONE.withSpillOver(0))
                .withMessage("spill over: 0 (expected: 1 or more)");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Locality.NONE.withDatacenters(List.of("dc 2")))
                .withMessageStartingWith("datacenter: 'dc 2'");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Locality.NONE.withDatacenters(List.of("dc2", "dc2")))
                .withMessageContaining("each of them once");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Locality.NONE.withZone(" "))
                .withMessageStartingWith("zone: ' '");
    }
}
