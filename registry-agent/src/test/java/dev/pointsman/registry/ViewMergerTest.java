package dev.pointsman.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ViewMergerTest {
    private static Instance instance(String id, String service, int port, Health health, String... tags) {
        return new Instance(
                new InstanceKey("n", id),
                service,
                "127.0.0.1",
                port,
                List.of(tags),
                Map.of(),
                Weights.DEFAULT,
                health,
                "");
    }

    private static ServiceView part(String service, Set<String> retained, Instance... instances) {
        return new ServiceView(
                service,
                List.of(instances),
                retained.stream().map(id -> new InstanceKey("n", id)).collect(Collectors.toSet()));
    }

    private static ViewMerger.MergedView merge(String target, List<ServiceView> services) {
        return ViewMerger.merge(
                target,
                services,
                (service, instance) -> service.equals(target) || instance.tags().contains(target));
    }

    private static List<String> ids(ViewMerger.MergedView merged) {
        return merged.view().instances().stream().map(i -> i.key().id()).toList();
    }

    @Test
    void instances_of_the_name_count_with_and_without_the_tag_and_those_of_others_only_with_it() {
        ViewMerger.MergedView merged = merge(
                "api",
                List.of(
                        part(
                                "api",
                                Set.of(),
                                instance("tagged", "api", 1, Health.PASSING, "api"),
                                instance("plain", "api", 2, Health.PASSING)),
                        part(
                                "other",
                                Set.of("kept"),
                                instance("carrier", "other", 3, Health.PASSING, "x", "api"),
                                instance("stranger", "other", 4, Health.PASSING, "x"),
                                instance("kept", "other", 5, Health.CRITICAL, "api"))));
        assertThat(ids(merged)).containsExactly("carrier", "kept", "plain", "tagged");
        assertThat(merged.view().retained()).containsExactly(new InstanceKey("n", "kept"));
        assertThat(merged.duplicates()).isEmpty();
    }

    @Test
    void of_two_registrations_of_one_address_the_healthier_counts_and_the_other_is_named() {
        ViewMerger.MergedView merged = merge(
                "api",
                List.of(part(
                        "api",
                        Set.of(),
                        instance("a", "api", 1, Health.CRITICAL),
                        instance("b", "api", 1, Health.PASSING))));
        assertThat(ids(merged)).containsExactly("b");
        assertThat(merged.duplicates()).singleElement().asString().contains("n/a", "n/b", "127.0.0.1:1");
    }

    @Test
    void a_listed_instance_replaces_a_retained_one_of_the_same_address_silently() {
        ViewMerger.MergedView merged = merge(
                "api",
                List.of(part(
                        "api",
                        Set.of("old"),
                        instance("new", "api", 1, Health.CRITICAL),
                        instance("old", "api", 1, Health.PASSING))));
        assertThat(ids(merged)).containsExactly("new");
        assertThat(merged.view().retained()).isEmpty();
        assertThat(merged.duplicates()).isEmpty();
    }

    @Test
    void an_instance_that_two_services_still_claim_counts_once() {
        ViewMerger.MergedView merged = merge(
                "api",
                List.of(
                        part("api", Set.of("a"), instance("a", "api", 1, Health.PASSING)),
                        part("renamed", Set.of(), instance("a", "renamed", 2, Health.PASSING, "api"))));
        assertThat(merged.view().instances()).extracting(Instance::service).containsExactly("renamed");
        assertThat(merged.duplicates()).isEmpty();
    }

    @Test
    void a_listed_instance_replaces_a_stale_one_of_the_same_address_silently() {
        Instance old = instance("old", "api", 80, Health.PASSING);
        Instance fresh = instance("fresh", "v2", 80, Health.WARNING, "api");
        Instance other = instance("other", "api", 81, Health.PASSING);
        ServiceView cached = new ServiceView("api", List.of(old, other), Set.of(), Set.of(old.key(), other.key()));
        ViewMerger.MergedView merged = merge("api", List.of(cached, part("v2", Set.of(), fresh)));
        assertThat(ids(merged)).containsExactly("fresh", "other");
        assertThat(merged.view().stale()).containsExactly(other.key());
        assertThat(merged.duplicates()).isEmpty();
    }
}
