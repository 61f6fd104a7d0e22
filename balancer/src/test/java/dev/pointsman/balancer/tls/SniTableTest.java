package dev.pointsman.balancer.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SniTableTest {
    private final Map<String, Set<String>> names = Map.of(
            "first", Set.of("example.org"),
            "wild", Set.of("*.example.com"),
            "shop", Set.of("shop.example.com", "example.com"),
            "late", Set.of("*.example.com", "shop.example.com", "late.example.net"));

    private final SniTable<String> table =
            new SniTable<>(List.of("first", "wild", "shop", "late"), each -> Objects.requireNonNull(names.get(each)));

    @Test
    void the_exact_name_comes_before_a_wildcard_that_stands_before_it() {
        assertThat(table.get("shop.example.com")).isEqualTo("shop");
    }

    @Test
    void a_wildcard_is_for_one_label_and_no_more_and_no_less() {
        assertThat(table.get("any.example.com")).isEqualTo("wild");
        assertThat(table.get("a.b.example.com")).isEqualTo("first");
        assertThat(table.get("example.com")).isEqualTo("shop");
        assertThat(table.get(".example.com")).isEqualTo("first");
    }

    @Test
    void of_two_for_the_same_name_the_first_counts() {
        assertThat(table.get("other.example.com")).isEqualTo("wild");
        assertThat(table.get("late.example.net")).isEqualTo("late");
    }

    @Test
    void the_case_of_a_name_and_a_dot_at_its_end_do_not_matter() {
        assertThat(table.get("SHOP.Example.COM.")).isEqualTo("shop");
    }

    @Test
    void who_asks_for_another_name_or_none_gets_the_first() {
        assertThat(table.get(null)).isEqualTo("first");
        assertThat(table.get("")).isEqualTo("first");
        assertThat(table.get("*.example.com")).isEqualTo("wild");
        assertThat(table.get("elsewhere")).isEqualTo("first");
    }
}
