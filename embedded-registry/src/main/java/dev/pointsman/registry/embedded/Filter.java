package dev.pointsman.registry.embedded;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A {@code ?filter} expression, ready to be asked about one element of an answer. Immutable. */
interface Filter extends Predicate<JsonObject> {
    /** The filter of a query, everything when it has none. */
    static Filter of(QueryParams query, Selectors.Field schema) {
        String expression = query.get("filter");
        return expression.isBlank() ? any -> true : FilterParser.parse(expression, schema);
    }

    /** What stands between a selector and a value. */
    enum Operator {
        EQUAL("Equal"),
        IN("In"),
        IS_EMPTY("Is Empty"),
        MATCHES("Matches");

        private final String words;

        Operator(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /**
     * A comparison.
     *
     * @param path the selector's names
     * @param value what to compare with, null for {@link Operator#IS_EMPTY}
     * @param pattern for {@link Operator#MATCHES}
     * @param negated whether the comparison must not hold
     * @param absent what an absent field counts as, null when it counts as nothing at all
     */
    record Comparison(
            List<String> path,
            Operator operator,
            @Nullable String value,
            @Nullable Pattern pattern,
            boolean negated,
            @Nullable Object absent)
            implements Filter {
        @Override
        public boolean test(JsonObject element) {
            return test(element, 0);
        }

        /** In a list of objects one that fits is enough, for the negated comparisons too. */
        private boolean test(@Nullable Object at, int depth) {
            if (at instanceof JsonArray list && depth < path.size()) {
                return list.stream().anyMatch(one -> test(one, depth));
            }
            if (depth == path.size()) {
                return holds(at) != negated;
            }
            if (at instanceof JsonObject object && object.getValue(path.get(depth)) != null) {
                return test(object.getValue(path.get(depth)), depth + 1);
            }
            if (absent != null) {
                return holds(absent) != negated;
            }
            // What is not there equals nothing, holds nothing and is empty.
            return (operator == Operator.IS_EMPTY) != negated;
        }

        private boolean holds(@Nullable Object found) {
            return switch (operator) {
                case EQUAL -> String.valueOf(found).equals(value);
                case IN -> contains(found);
                case IS_EMPTY -> isEmpty(found);
                case MATCHES ->
                    pattern != null && pattern.matcher(String.valueOf(found)).find();
            };
        }

        private boolean contains(@Nullable Object found) {
            if (found instanceof JsonArray list) {
                return list.contains(value);
            }
            if (found instanceof JsonObject map) {
                return value != null && map.containsKey(value);
            }
            return found instanceof String text && value != null && text.contains(value);
        }

        private static boolean isEmpty(@Nullable Object found) {
            return found == null
                    || found.equals("")
                    || (found instanceof JsonArray list && list.isEmpty())
                    || (found instanceof JsonObject map && map.isEmpty());
        }
    }
}
