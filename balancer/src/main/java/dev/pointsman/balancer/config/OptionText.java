package dev.pointsman.balancer.config;

import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.OptionTable;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A reader of options that are written as text, {@code option=value} each or {@code option} alone for true, as flags and tags
 * have them. The parts of an option follow it: {@code rate-limit=100/s}, {@code burst=20}. Not thread-safe.
 */
final class OptionText {
    private final OptionTable table;
    private final String source;
    private final Consumer<String> problems;
    private final List<Setting> options = new ArrayList<>();
    private final List<Setting> parts = new ArrayList<>();
    private @Nullable Setting whole;
    private @Nullable Option<?> current;

    private OptionText(OptionTable table, String source, Consumer<String> problems) {
        this.table = table;
        this.source = source;
        this.problems = problems;
    }

    /**
     * Reads options.
     *
     * @param texts what stood between the semicolons
     * @param source where they stood
     * @param problems takes a sentence for each that is none
     */
    static List<Setting> read(List<String> texts, OptionTable table, String source, Consumer<String> problems) {
        OptionText reader = new OptionText(table, source, problems);
        texts.forEach(text -> reader.add(text.strip()));
        reader.endParts();
        return reader.options;
    }

    /**
     * A value of a flag with the parts that stand in its text, and with one that is unreadable where some are none.
     *
     * @param texts what stood between the semicolons
     */
    static Setting group(List<String> texts, OptionTable table, Setting flag, Consumer<String> problems) {
        List<String> found = new ArrayList<>();
        List<Setting> parts = read(texts, table, flag.source(), found::add);
        found.forEach(problems);
        if (!found.isEmpty()) {
            parts.add(Setting.unreadablePart(flag.source()));
        }
        return new Setting(flag.key(), flag.name(), flag.value(), flag.source(), parts, flag.written());
    }

    /**
     * Whether a value of a file is written as a flag is, which has its parts behind semicolons; that is a problem then.
     *
     * @param sign what no such value has otherwise
     * @param mapping how a file has it
     */
    static boolean refuseFlagForm(Setting given, String sign, String mapping, Settings settings) {
        boolean isFlagForm =
                !given.isFlag() && given.parts().size() == 1 && given.value().contains(sign);
        if (isFlagForm) {
            settings.problem(given, "in a file a mapping, such as " + mapping + "; this is the form of the flag");
        }
        return isFlagForm;
    }

    private void add(String text) {
        int equals = text.indexOf('=');
        String key = (equals < 0 ? text : text.substring(0, equals)).strip();
        String value = equals < 0 ? "true" : text.substring(equals + 1).strip();
        Option<?> option = table.byKey(key).orElse(null);
        Option<?> open = current;
        if (option != null) {
            endParts();
            begin(option, key, value, equals >= 0);
        } else if (open != null && open.partTable().byKey(key).isPresent()) {
            parts.add(new Setting(key, value, source + ": " + open.key() + ": " + key));
        } else {
            problems.accept(source + ": " + key + ": "
                    + (open == null ? table : open.partTable().and(table)).noSuchKey(key));
        }
    }

    private void begin(Option<?> option, String key, String value, boolean valued) {
        Setting setting = new Setting(key, value, source + ": " + key);
        if (option.shape() != Option.Shape.PARTS) {
            options.add(setting);
            return;
        }
        current = option;
        whole = setting;
        Option<?> main = option.mainPart();
        if (main != null && (valued || option.form().kind() == FormKind.BOOLEAN)) {
            parts.add(new Setting(main.key(), value, setting.source()));
        } else if (main == null && valued) {
            problems.accept(setting.source() + ": \"" + value + "\" (expected: no value, and "
                    + option.form().expected() + " behind it)");
        }
    }

    private void endParts() {
        Setting begun = whole;
        if (begun != null) {
            options.add(new Setting(begun.key(), null, begun.value(), begun.source(), parts));
        }
        whole = null;
        current = null;
        parts.clear();
    }
}
