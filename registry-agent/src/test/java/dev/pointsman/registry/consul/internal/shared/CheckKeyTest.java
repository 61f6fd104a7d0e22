package dev.pointsman.registry.consul.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pointsman.registry.RegistryException;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckKeyTest {
    private static final CheckKey A = new CheckKey("n1", "api", "a");
    private static final CheckKey NODE = new CheckKey("n1", "", "serfHealth");

    private final ChecksReader reader = new ChecksReader();

    private Map<CheckKey, Long> read(String json) throws RegistryException {
        return reader.read(Buffer.buffer(json.replace('\'', '"')));
    }

    @Test
    void checks_are_read_with_their_index_whatever_else_there_is() throws RegistryException {
        String more = "'Definition':{'Node':'x','Header':{'ServiceName':['y']}},'ServiceTags':['CheckID'],'Notes':null";
        assertThat(read("[{%s,'Node':'n1','CheckID':'a','ServiceName':'api','ModifyIndex':7,%s},".formatted(more, more)
                        + "{'Node':'n1','CheckID':'serfHealth','ServiceName':'','ModifyIndex':3}]"))
                .isEqualTo(Map.of(A, 7L, NODE, 3L));
    }

    @Test
    void a_field_that_is_missing_or_null_counts_as_empty() throws RegistryException {
        assertThat(read("[{'Node':'n1','CheckID':'serfHealth','ServiceName':null}]"))
                .isEqualTo(Map.of(NODE, 0L));
        assertThat(read("[]")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "null",
                "[",
                "[{'Node':'n1'}",
                "[{'Node':'n1'",
                "[{'Node':'n1'},",
                "[{'Node':'n1'}]]",
                "[{'Node':'n1'}] x",
                "[[]]",
                "[{'Node':}]"
            })
    void a_broken_response_is_refused_as_a_whole(String body) {
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> read(body))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.MALFORMED));
    }

    @Test
    void a_check_that_is_new_gone_or_changed_is_different_and_one_that_is_as_before_is_not() {
        CheckKey same = new CheckKey("n1", "api", "same");
        CheckKey gone = new CheckKey("n1", "api", "gone");
        CheckKey fresh = new CheckKey("n1", "api", "fresh");
        assertThat(CheckKey.different(Map.of(A, 7L, same, 1L, gone, 1L), Map.of(A, 8L, same, 1L, fresh, 9L)))
                .containsExactlyInAnyOrder(A, gone, fresh);
    }
}
