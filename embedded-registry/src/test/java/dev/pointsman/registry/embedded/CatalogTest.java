package dev.pointsman.registry.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatalogTest {
    private static final long SEED = 1_000;

    private final Set<Topic> woken = new HashSet<>();
    private final Indexes indexes = new Indexes(SEED, woken::addAll);
    private final Catalog catalog = new Catalog(indexes, Samples.NODE);
    private final Service web = Samples.service("web-1", "web", "blue");

    @BeforeEach
    void a_node_with_services() {
        catalog.putService(web, List.of(Samples.check("c1", web, CheckStatus.PASSING)), false);
        catalog.putService(Samples.service("api-1", "api"), List.of(), false);
        woken.clear();
    }

    @Test
    void a_service_comes_with_its_checks_in_one_step_of_the_index() {
        long before = indexes.current();

        catalog.putService(
                Samples.service("new-1", "new"),
                List.of(
                        Samples.check("n1", Samples.service("new-1", "new"), CheckStatus.PASSING),
                        Samples.check("n2", Samples.service("new-1", "new"), CheckStatus.CRITICAL)),
                false);

        assertThat(indexes.current()).isEqualTo(before + 1);
        assertThat(catalog.index(Topic.health("new"))).isEqualTo(before + 1);
        assertThat(catalog.instances("new").get(0).checks())
                .extracting(Check::id)
                .containsExactly("n1", "n2");
        assertThat(catalog.instances("new").get(0).service().createIndex()).isEqualTo(before + 1);
    }

    @Test
    void registering_the_same_again_changes_and_wakes_nothing() {
        long before = indexes.current();

        boolean changed = catalog.putService(web, List.of(Samples.check("c1", web, CheckStatus.CRITICAL)), false);

        assertThat(changed).isFalse();
        assertThat(indexes.current()).isEqualTo(before);
        assertThat(woken).isEmpty();
        assertThat(catalog.check("c1")).extracting(Check::status).isEqualTo(CheckStatus.PASSING);
    }

    @Test
    void a_changed_fact_wakes_the_queries_for_the_service_and_no_others() {
        catalog.putService(Samples.onPort("web-1", "web", 81, "blue"), List.of(), false);

        assertThat(woken)
                .contains(Topic.health("web"), Topic.service("web"), Topic.SERVICES, Topic.node(Samples.NODE.name()))
                .doesNotContain(Topic.health("api"), Topic.service("api"), Topic.CHECKS, Topic.NODES);
    }

    @Test
    void a_check_that_fails_wakes_health_but_not_the_catalog() {
        catalog.setResult("c1", CheckStatus.CRITICAL, "out of cheese");

        assertThat(woken)
                .containsExactlyInAnyOrder(
                        Topic.health("web"),
                        Topic.serviceChecks("web"),
                        Topic.CHECKS,
                        Topic.nodeChecks(Samples.NODE.name()));
    }

    @Test
    void new_words_of_a_check_in_the_same_status_are_kept_but_wake_no_query() {
        long before = indexes.current();

        catalog.setResult("c1", CheckStatus.PASSING, "still fine");

        assertThat(indexes.current()).isEqualTo(before);
        assertThat(woken).isEmpty();
        assertThat(catalog.instances("web").get(0).checks().get(0).output()).isEqualTo("still fine");
    }

    @Test
    void a_check_of_the_node_wakes_every_service_on_it_and_counts_for_all_of_them() {
        catalog.putCheck(Samples.nodeCheck("disk", CheckStatus.CRITICAL));

        assertThat(woken).contains(Topic.health("web"), Topic.health("api"), Topic.CHECKS);
        assertThat(catalog.instances("api").get(0).checks())
                .extracting(Check::id)
                .containsExactly("disk");
    }

    @Test
    void a_query_for_a_service_that_is_not_there_is_not_woken_by_another_one() {
        assertThat(catalog.index(Topic.health("later"))).isEqualTo(SEED);

        catalog.putService(Samples.service("else-1", "else"), List.of(), false);
        catalog.removeService("else-1");
        assertThat(catalog.index(Topic.health("later"))).isEqualTo(SEED);

        catalog.putService(Samples.service("later-1", "later"), List.of(), false);
        assertThat(catalog.index(Topic.health("later"))).isEqualTo(indexes.current());
    }

    @Test
    void the_index_of_a_service_does_not_go_back_when_its_last_instance_leaves() {
        long there = catalog.index(Topic.health("web"));

        catalog.removeService("web-1");

        assertThat(catalog.instances("web")).isEmpty();
        assertThat(catalog.tagsByService()).containsOnlyKeys("api");
        assertThat(catalog.checks()).isEmpty();
        assertThat(catalog.index(Topic.health("web"))).isGreaterThan(there);
    }

    @Test
    void the_same_id_under_another_name_moves_and_wakes_both_names() {
        catalog.putService(Samples.service("web-1", "shop"), List.of(), false);

        assertThat(catalog.instances("web")).isEmpty();
        assertThat(catalog.instances("shop")).hasSize(1);
        assertThat(catalog.instances("shop").get(0).checks())
                .extracting(Check::serviceName)
                .containsExactly("web");
        assertThat(woken).contains(Topic.health("web"), Topic.health("shop"));
    }

    @Test
    void checks_that_are_not_named_again_stay_unless_they_are_to_be_replaced() {
        Check second = Samples.check("c2", web, CheckStatus.PASSING);

        catalog.putService(web, List.of(second), false);
        assertThat(catalog.checksOf("web-1")).extracting(Check::id).containsExactly("c1", "c2");

        catalog.putService(web, List.of(second), true);
        assertThat(catalog.checksOf("web-1")).extracting(Check::id).containsExactly("c2");
        assertThat(woken).contains(Topic.health("web"));
    }

    @Test
    void services_and_nodes_are_found_in_any_case_but_keep_their_own() {
        catalog.putService(Samples.service("web-2", "WEB", "Blue"), List.of(), false);

        assertThat(catalog.instances("Web"))
                .extracting(entry -> entry.service().name())
                .containsExactly("web", "WEB");
        assertThat(woken).contains(Topic.health("web"));
        assertThat(catalog.tagsByService()).containsOnlyKeys("WEB", "api", "web");
        assertThat(catalog.isNode("N1")).isTrue();
        assertThat(Names.containsAll(List.of("Blue"), List.of("bLUE"))).isTrue();
    }

    @Test
    void tags_of_all_instances_are_one_set() {
        catalog.putService(Samples.service("web-2", "web", "green", "blue"), List.of(), false);

        assertThat(catalog.tagsByService().get("web")).containsExactly("blue", "green");
    }

    @Test
    void too_many_topics_are_forgotten_without_any_index_going_back() {
        long before = catalog.index(Topic.health("web"));
        for (int i = 0; i < Indexes.MAX_TOPICS / 2; i++) {
            indexes.touch(Topic.health("gone-" + i));
            indexes.touch(Topic.key("gone-" + i));
        }

        indexes.commit();

        assertThat(catalog.index(Topic.health("web"))).isGreaterThanOrEqualTo(before);
        assertThat(catalog.index(Topic.health("gone-1"))).isEqualTo(indexes.current());
        assertThat(catalog.index(Topic.keyPrefix("gone"))).isEqualTo(indexes.current());
    }
}
