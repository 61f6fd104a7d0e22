package dev.pointsman.registry.consul.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pointsman.registry.RegistryException;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksReaderTest {
    private static final CheckScope API = new CheckScope("api", "");
    private static final CheckScope NODE = new CheckScope("", "n1");

    private static Map<CheckScope, CheckDigest> read(String json) throws RegistryException {
        return ChecksReader.read(Buffer.buffer(json.replace('\'', '"')));
    }

    private static CheckDigest digest(String id, long index) {
        return CheckDigest.NONE.plus("n1", id, index);
    }

    @Test
    void checks_are_read_with_their_index_whatever_else_there_is() throws RegistryException {
        String more = "'Definition':{'Node':'x','Header':{'ServiceName':['y']}},'ServiceTags':['CheckID'],'Notes':null";
        assertThat(read("[{%s,'Node':'n1','CheckID':'a','ServiceName':'api','ModifyIndex':7,%s},".formatted(more, more)
                        + "{'Node':'n1','CheckID':'serfHealth','ServiceName':'','ModifyIndex':3}]"))
                .isEqualTo(Map.of(API, digest("a", 7), NODE, digest("serfHealth", 3)));
    }

    @Test
    void a_field_that_is_missing_or_null_counts_as_empty() throws RegistryException {
        assertThat(read("[{'Node':'n1','CheckID':'serfHealth','ServiceName':null}]"))
                .isEqualTo(Map.of(NODE, digest("serfHealth", 0)));
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
}
