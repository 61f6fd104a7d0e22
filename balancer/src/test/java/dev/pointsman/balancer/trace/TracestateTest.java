package dev.pointsman.balancer.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields tracestate, by the rules of W3C Trace Context. */
class TracestateTest {
    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
    }

    @Test
    void several_fields_are_joined_in_their_order() {
        assertThat(Tracestate.joined(List.of("a=1,b=2", "c=3", "d=4"))).isEqualTo("a=1,b=2,c=3,d=4");
    }

    @Test
    void blanks_around_members_and_empty_ones_are_dropped() {
        assertThat(Tracestate.joined(List.of(" a=1 ,\tb=2\t", "", " , ,", "c=3")))
                .isEqualTo("a=1,b=2,c=3");
        assertThat(Tracestate.joined(List.of("", " "))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "congo=t61rcWkgMzE",
                "fw529a3039@dt=FfAwAA",
                "0abc=1",
                "a_-*/@z=1",
                "a=with blanks within",
                "a=!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~"
            })
    void what_is_valid_passes_as_it_is(String member) {
        assertThat(Tracestate.joined(List.of(member))).isEqualTo(member);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "=1",
                "a=",
                "A=1",
                "a b=1",
                "a.b=1",
                "a=1=2",
                "a=\u00e4",
                "a=1\u007f",
                "_a=1",
                "@a=1",
                "a =1",
                "a=x\ty"
            })
    void one_member_that_is_not_valid_spoils_the_whole(String member) {
        assertThat(Tracestate.joined(List.of("good=1", member))).isNull();
    }

    @Test
    void there_are_at_most_32_members_and_256_characters_of_a_key_and_of_a_value() {
        assertThat(Tracestate.joined(List.of(members(32)))).isEqualTo(members(32));
        assertThat(Tracestate.joined(List.of(members(31), "x=1,y=2"))).isNull();
        String longest = "k".repeat(256) + "=" + "v".repeat(256);
        assertThat(Tracestate.joined(List.of(longest))).isEqualTo(longest);
        assertThat(Tracestate.joined(List.of("k".repeat(257) + "=v"))).isNull();
        assertThat(Tracestate.joined(List.of("k=" + "v".repeat(257)))).isNull();
    }

    @Test
    void opentelemetry_gets_the_members_in_their_order() {
        assertThat(Tracestate.members("a=1,b=2,c=3").asMap().keySet()).containsExactly("a", "b", "c");
        assertThat(Tracestate.members(null).isEmpty()).isTrue();
    }
}
