package dev.pointsman.cli.pm2;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.pointsman.settings.YamlNode;
import dev.pointsman.settings.YamlNode.YamlEntry;
import dev.pointsman.settings.YamlNode.YamlList;
import dev.pointsman.settings.YamlNode.YamlMapping;
import dev.pointsman.settings.YamlNode.YamlScalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The values of an app by the keys that PM2 means, each as PM2 would read it. */
final class AppValues {
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(\\.\\d+)?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,12}(?:\\.\\d+)?)([hms]?)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15}(?:\\.\\d+)?)([GMK]?)");

    private final Map<String, YamlNode> values = new LinkedHashMap<>();

    AppValues(YamlMapping app) {
        for (YamlEntry entry : app.entries()) {
            values.putIfAbsent(EcosystemKeys.canonical(entry.key().text()), entry.value());
        }
    }

    /** A text or a number; null if there is none, or it is empty. */
    @Nullable
    String text(String key) {
        return values.get(key) instanceof YamlScalar scalar
                        && !scalar.isNull()
                        && !scalar.text().isBlank()
                ? scalar.text()
                : null;
    }

    boolean isTrue(String key) {
        return "true".equals(text(key));
    }

    boolean isFalse(String key) {
        return "false".equals(text(key));
    }

    /** Whether it says something: neither nothing, nor false, nor an empty list. */
    boolean says(String key) {
        YamlNode value = values.get(key);
        return value instanceof YamlList list
                ? !list.items().isEmpty()
                : value instanceof YamlMapping mapping
                        ? !mapping.entries().isEmpty()
                        : text(key) != null && !isFalse(key);
    }

    /** Words: of a list each, of a text what PM2 splits it into. */
    List<String> words(String key) {
        String text = text(key);
        return values.get(key) instanceof YamlList ? list(key) : text == null ? List.of() : AppCommand.split(text);
    }

    /** Texts: of a list each, or the one. */
    List<String> list(String key) {
        YamlNode value = values.get(key);
        List<YamlNode> items =
                value instanceof YamlList list ? list.items() : value == null ? List.of() : List.of(value);
        List<String> texts = new ArrayList<>();
        for (YamlNode item : items) {
            if (item instanceof YamlScalar scalar && !scalar.isNull()) {
                texts.add(scalar.text());
            }
        }
        return texts;
    }

    /** A mapping of texts, in which what is no text is JSON; null where there is none. */
    @Nullable
    Map<String, String> pairs(String key) {
        if (!(values.get(key) instanceof YamlMapping mapping)) {
            return null;
        }
        Map<String, String> pairs = new LinkedHashMap<>();
        for (YamlEntry entry : mapping.entries()) {
            if (!(entry.value() instanceof YamlScalar scalar && scalar.isNull())) {
                pairs.put(entry.key().text(), value(entry.value()));
            }
        }
        return pairs;
    }

    private static String value(YamlNode node) {
        return node instanceof YamlScalar scalar ? scalar.text() : json(node);
    }

    private static String json(YamlNode node) {
        if (node instanceof YamlList list) {
            return list.items().stream().map(AppValues::json).collect(Collectors.joining(",", "[", "]"));
        }
        if (node instanceof YamlMapping mapping) {
            return mapping.entries().stream()
                    .map(entry -> quoted(entry.key().text()) + ":" + json(entry.value()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        YamlScalar scalar = (YamlScalar) node;
        boolean bare = scalar.isNull()
                || scalar.text().matches("true|false")
                || NUMBER.matcher(scalar.text()).matches();
        return scalar.isNull() ? "null" : bare ? scalar.text() : quoted(scalar.text());
    }

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    /** A time in milliseconds: a number, or one with h, m or s; null if it is none. */
    static @Nullable Long millis(String text) {
        Matcher time = TIME.matcher(text.strip());
        if (!time.matches()) {
            return null;
        }
        double unit =
                switch (time.group(2)) {
                    case "h" -> 3_600_000;
                    case "m" -> 60_000;
                    case "s" -> 1000;
                    default -> 1;
                };
        return Math.round(Double.parseDouble(time.group(1)) * unit);
    }

    /** A size in bytes: a number, or one with G, M or K; null if it is none. */
    static @Nullable Long bytes(String text) {
        Matcher size = SIZE.matcher(text.strip());
        if (!size.matches()) {
            return null;
        }
        double unit =
                switch (size.group(2)) {
                    case "G" -> 1L << 30;
                    case "M" -> 1L << 20;
                    case "K" -> 1L << 10;
                    default -> 1;
                };
        return Math.round(Double.parseDouble(size.group(1)) * unit);
    }
}
