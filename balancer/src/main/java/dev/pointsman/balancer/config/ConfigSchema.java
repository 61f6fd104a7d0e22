package dev.pointsman.balancer.config;

import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.OptionTable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The JSON Schema (draft 7, which editors read) of the configuration file, made from the tables of settings. Each file that
 * the balancer accepts is valid by it; what is not valid by it, the balancer refuses. Some of what is valid is refused all
 * the same, as a schema sees neither other files nor the environment.
 */
public final class ConfigSchema {
    private static final String BELOW = "#/definitions/";
    private static final String ENVIRONMENT = "environment";
    private static final String TEXT = "text";
    private static final String ROUTE = "route";
    private static final String ANY_OF = "anyOf";
    private static final String TYPE = "type";
    private static final String PATTERN = "pattern";
    private static final String STRING = "string";

    private ConfigSchema() {}

    /** The schema as text. */
    public static String text() {
        return schema().encodePrettily() + "\n";
    }

    private static JsonObject schema() {
        return new JsonObject()
                .put("$schema", "http://json-schema.org/draft-07/schema#")
                .put("title", "Pointsman balancer")
                .put("description", "The file of pointsman balancer --config; docs/configuration.md tells more.")
                .put(TYPE, new JsonArray().add("object").add("null"))
                .put("properties", properties(BalancerSettings.TABLE))
                .put("additionalProperties", false)
                .put(
                        "definitions",
                        new JsonObject()
                                .put(ENVIRONMENT, environment())
                                .put(TEXT, new JsonObject().put(TYPE, types(STRING, "number", "boolean")))
                                .put(ROUTE, mapping(RouteSettings.TABLE)));
    }

    /** Any text with a variable of the environment in it, the value of which is not known here. */
    private static JsonObject environment() {
        return new JsonObject().put(TYPE, STRING).put(PATTERN, "\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}");
    }

    private static JsonObject mapping(OptionTable table) {
        return new JsonObject()
                .put(TYPE, "object")
                .put("properties", properties(table))
                .put("additionalProperties", false);
    }

    private static JsonObject properties(OptionTable table) {
        JsonObject properties = new JsonObject();
        for (Option<?> option : table.options()) {
            if (option.isInFile()) {
                properties.put(option.fileKey(), described(option, value(option)));
            }
        }
        return properties;
    }

    private static JsonObject described(Option<?> option, JsonObject schema) {
        String caveat = option.caveat().isEmpty() ? "" : " " + option.caveat() + ".";
        String byDefault = option.defaultText().equals("none") ? "" : " Default: " + option.defaultText() + ".";
        JsonObject described = new JsonObject()
                .put("description", plain(option.form().range() + ". " + option.meaning() + "." + caveat + byDefault));
        if (!option.example().isEmpty()) {
            described.put("examples", new JsonArray().add(option.example()));
        }
        return described.mergeIn(schema);
    }

    /** Markdown as the plain text that editors show. */
    private static String plain(String markdown) {
        return markdown.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                .replace("`", "")
                .replace("\\|", "|");
    }

    private static JsonObject value(Option<?> option) {
        return switch (option.shape()) {
            case ONE, SWITCH -> one(option.form());
            case LIST -> oneOrMany(one(option.form()));
            case MAP -> new JsonObject().put(TYPE, "object").put("additionalProperties", one(option.form()));
            case PARTS -> parts(option);
            case GROUPS -> oneOrMany(parts(option));
            case NESTED -> new JsonObject().put(TYPE, "object").put("additionalProperties", oneOrMany(route()));
        };
    }

    private static JsonObject route() {
        return anyOf(new JsonArray().add(reference(TEXT)).add(reference(ROUTE)));
    }

    private static JsonObject parts(Option<?> option) {
        JsonArray forms = new JsonArray().add(mapping(option.partTable()));
        Option<?> main = option.mainPart();
        if (main != null) {
            forms.addAll(alternatives(value(main)));
        }
        return anyOf(forms);
    }

    private static JsonObject oneOrMany(JsonObject item) {
        return anyOf(alternatives(item).add(new JsonObject().put(TYPE, "array").put("items", item)));
    }

    private static JsonObject one(Form<?> form) {
        JsonArray forms = new JsonArray();
        switch (form.kind()) {
            case NUMBER -> {
                forms.add(number(form));
                forms.add(pattern("[-+]?[0-9][0-9_]*"));
                form.words().forEach(word -> forms.add(constant(word)));
            }
            case SIZE -> {
                forms.add(number(form));
                forms.add(pattern("[0-9][0-9_]*[kKmMgG]?"));
            }
            case TIME -> {
                forms.add(pattern("[0-9]{1,9}(ms|s|m|h)"));
                if (form.parse().apply("0") != null) {
                    forms.add(new JsonObject().put("const", 0)).add(pattern("0"));
                }
            }
            case BOOLEAN -> {
                forms.add(new JsonObject().put(TYPE, "boolean"));
                forms.add(pattern(List.of("true", "false", "yes", "no", "on", "off").stream()
                        .map(ConfigSchema::anyCase)
                        .collect(Collectors.joining("|", "(", ")"))));
            }
            default -> text(form, forms);
        }
        if (form.parse().apply("") != null) {
            // A key with nothing behind it, which is the empty text for us.
            forms.add(new JsonObject().put(TYPE, "null"));
        }
        return anyOf(forms.add(reference(ENVIRONMENT)));
    }

    private static void text(Form<?> form, JsonArray forms) {
        if (form.kind() == FormKind.CHOICE && !form.words().isEmpty()) {
            forms.add(new JsonObject().put("enum", new JsonArray(form.words())));
            forms.add(pattern(
                    form.words().stream().map(ConfigSchema::anyCase).collect(Collectors.joining("|", "(", ")"))));
        } else {
            forms.add(reference(TEXT));
        }
    }

    private static JsonObject number(Form<?> form) {
        JsonObject number = new JsonObject().put(TYPE, "integer");
        Long least = form.least();
        Long most = form.most();
        if (least != null) {
            number.put("minimum", least);
        }
        return most == null ? number : number.put("maximum", most);
    }

    private static JsonObject constant(String word) {
        return new JsonObject().put("const", word);
    }

    /** Text of which the whole has a pattern. */
    private static JsonObject pattern(String regex) {
        return new JsonObject().put(TYPE, STRING).put(PATTERN, "^" + regex + "$");
    }

    /** A pattern for a word in any case, which regular expressions of schemas have no switch for. */
    private static String anyCase(String word) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            char upper = String.valueOf(c).toUpperCase(Locale.ROOT).charAt(0);
            pattern.append(upper == c ? String.valueOf(c) : "[" + c + upper + "]");
        }
        return pattern.toString();
    }

    private static JsonArray types(String... types) {
        return new JsonArray(List.of(types));
    }

    private static JsonObject reference(String definition) {
        return new JsonObject().put("$ref", BELOW + definition);
    }

    private static JsonObject anyOf(JsonArray forms) {
        return forms.size() == 1 ? forms.getJsonObject(0) : new JsonObject().put(ANY_OF, forms);
    }

    private static JsonArray alternatives(JsonObject schema) {
        JsonArray forms = schema.getJsonArray(ANY_OF);
        return forms == null ? new JsonArray().add(schema) : forms.copy();
    }
}
