package dev.pointsman.registry.cache;

import static dev.pointsman.registry.cache.CachedInstances.instance;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What one process knows goes to the one that takes its place. */
class KnownServicesTest {
    private static final String CONSUL = "http://127.0.0.1:8500";

    @Test
    void what_the_registry_said_to_one_process_is_known_to_the_next() {
        KnownServices old = KnownServices.over(ServiceCache.NONE, null, CONSUL);
        old.put("web", List.of(instance("a", 8080), instance("b", 8080)), 7);
        old.put("gone", List.of(instance("c", 8080)), 8);
        old.remove("gone");

        KnownServices fresh = KnownServices.over(ServiceCache.NONE, old.toText(), CONSUL);

        assertThat(fresh.cached()).hasSize(1).hasEntrySatisfying("web", web -> {
            assertThat(web.instances()).containsExactly(instance("a", 8080), instance("b", 8080));
            assertThat(web.index()).isEqualTo(7);
        });
    }

    @Test
    void what_was_handed_on_goes_on_to_the_third_though_the_second_heard_nothing() {
        KnownServices first = KnownServices.over(ServiceCache.NONE, "", CONSUL);
        first.put("web", List.of(instance("a", 8080)), 7);
        KnownServices second = KnownServices.over(ServiceCache.NONE, first.toText(), CONSUL);

        KnownServices third = KnownServices.over(ServiceCache.NONE, second.toText(), CONSUL);

        assertThat(third.cached()).containsOnlyKeys("web");
    }

    @Test
    void what_is_about_another_registry_or_no_such_text_is_left_out() {
        KnownServices elsewhere = KnownServices.over(ServiceCache.NONE, null, "http://10.0.0.1:8500");
        elsewhere.put("web", List.of(instance("a", 8080)), 7);

        assertThat(KnownServices.over(ServiceCache.NONE, elsewhere.toText(), CONSUL)
                        .cached())
                .isEmpty();
        assertThat(KnownServices.over(ServiceCache.NONE, "{\"version\":", CONSUL)
                        .cached())
                .isEmpty();
    }
}
