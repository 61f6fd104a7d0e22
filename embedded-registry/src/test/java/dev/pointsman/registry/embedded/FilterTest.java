package dev.pointsman.registry.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    private static final JsonObject INSTANCE = new JsonObject()
            .put("Node", new JsonObject().put("Node", "n1").put("Meta", new JsonObject().put("zone-id", "z1")))
            .put(
                    "Service",
                    new JsonObject()
                            .put("ID", "web-1")
                            .put("Tags", new JsonArray().add("v1").add("and"))
                            .put("Meta", new JsonObject().put("version", "1.0"))
                            .put("Port", 80)
                            .put("EnableTagOverride", false))
            .put(
                    "Checks",
                    new JsonArray()
                            .add(new JsonObject().put("Status", "passing"))
                            .add(new JsonObject().put("Status", "warning")));

    private static boolean test(String expression) {
        return FilterParser.parse(expression, Selectors.INSTANCE).test(INSTANCE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Service.ID == web-1",
                "Service.ID==\"web-1\"",
                "Service.ID == `web-1`",
                "Service.ID != other",
                "Service.Port == 80",
                "Service.EnableTagOverride == false",
                "v1 in Service.Tags",
                "\"v2\" not in Service.Tags",
                "Service.Tags contains \"and\"",
                "Service.Tags not contains v2",
                "Service.Tags is not empty",
                "version in Service.Meta",
                "Service.Meta.version == \"1.0\"",
                "Service.Meta[\"version\"] == \"1.0\"",
                "Node.Meta[\"zone-id\"] == z1",
                "Service.Meta.missing != x",
                "\"b-1\" in Service.ID",
                "Service.ID matches \"^web-[0-9]+$\"",
                "Service.ID not matches \"^api\"",
                "Checks.Status == warning",
                "Checks.Status != passing",
                "Service.Kind == \"\"",
                "Service.Connect.Native == false",
                "Service.TaggedAddresses is empty",
                "not Service.ID == other",
                "(Service.ID == other or Service.Port == 80) and not (Node.Node == n2)",
            })
    void holds(String expression) {
        assertThat(test(expression)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Service.ID == other",
                "Service.Meta.missing == x",
                "Service.Meta.missing is not empty",
                "Service.Tags is empty",
                "not Checks.Status == passing",
                "Checks.Status == critical",
                "Service.Port != 80",
                "Service.ID == web-1 and Service.Port == 81",
            })
    void does_not_hold(String expression) {
        assertThat(test(expression)).isFalse();
    }

    @Test
    void and_binds_closer_than_or() {
        assertThat(test("Service.Port == 80 or Service.Port == 81 and Service.ID == other"))
                .isTrue();
        assertThat(test("(Service.Port == 80 or Service.Port == 81) and Service.ID == other"))
                .isFalse();
    }

    @Test
    void an_expression_that_would_exhaust_the_stack_is_refused() {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> test("(".repeat(30_000)))
                .withMessageContaining("nested deeper than 100");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "nope == 1,                     'Selector \"nope\" is not valid'",
                "Service.Nope == 1,             'Selector \"Service.Nope\" is not valid'",
                "Service.Tags == v1,            'Invalid match operator \"Equal\" for selector \"Service.Tags\"'",
                "Service.Port == x,             'Failed to coerce value \"x\" for selector \"Service.Port\"'",
                "Service.EnableTagOverride == 7,'Failed to coerce value \"7\" for selector'",
                "Service.Tags contains,         'no match found, expected: a value'",
                "Service.ID,                    'no match found, expected: =='",
                "(Service.ID == a,              'no match found, expected: )'",
                "Service.ID == a b,             'no match found, expected: and, or, or the end'",
                "Service.ID == \"a,             'no match found'",
                "\"a\" == Service.ID,           'no match found, expected: a selector'",
                "Service.ID matches \"[\",      'Failed to compile regular expression \"[\"'",
            })
    void what_cannot_be_asked_is_refused_and_says_why(String expression, String why) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> test(expression))
                .satisfies(e -> assertThat(e.status()).isEqualTo(500))
                .withMessageStartingWith("Failed to create boolean expression evaluator: ")
                .withMessageContaining(why);
    }
}
