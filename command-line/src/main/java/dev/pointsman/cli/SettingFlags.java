package dev.pointsman.cli;

import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option.Shape;
import dev.pointsman.settings.OptionTable;
import dev.pointsman.settings.Setting;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The flags made of the rows of a table of settings, and the values that were given by them. Values stay text here: the
 * readers of the table's module judge them all at once, those of a file and those of the command line alike.
 */
final class SettingFlags {
    private SettingFlags() {}

    /** The command with a flag for each row that has one, behind the flags of its own. */
    static CommandLine on(Object command, OptionTable... tables) {
        CommandLine line = new CommandLine(command);
        for (OptionTable table : tables) {
            table.flags().options().forEach(option -> line.getCommandSpec().addOption(flag(option)));
        }
        return line;
    }

    private static OptionSpec flag(dev.pointsman.settings.Option<?> option) {
        OptionSpec.Builder flag = OptionSpec.builder(option.flag())
                .description(
                        (option.meaning() + " (" + option.defaultText() + ")" + values(option)).replace("%", "%%"));
        if (option.shape() == Shape.SWITCH) {
            return flag.type(boolean.class).build();
        }
        flag.paramLabel(option.label());
        return option.isMany()
                ? flag.type(List.class).auxiliaryTypes(String.class).build()
                : flag.type(String.class).build();
    }

    /** What the label of the value leaves open: all values of a choice, else an example. */
    private static String values(dev.pointsman.settings.Option<?> option) {
        if (option.form().kind() == FormKind.CHOICE) {
            return "; one of " + option.form().expected();
        }
        return option.example().isEmpty() ? "" : "; such as " + option.example();
    }

    /** The values that were given, in the order of the tables. */
    static List<Setting> given(ParseResult parsed, OptionTable... tables) {
        List<Setting> settings = new ArrayList<>();
        for (OptionTable table : tables) {
            for (dev.pointsman.settings.Option<?> option : table.flags().options()) {
                Object value = parsed.hasMatchedOption(option.flag())
                        ? parsed.matchedOptionValue(option.flag(), (Object) null)
                        : null;
                if (value instanceof List<?> many) {
                    many.forEach(each -> settings.add(Setting.flag(option.key(), String.valueOf(each))));
                } else if (value != null) {
                    settings.add(Setting.flag(option.key(), value.toString()));
                }
            }
        }
        return settings;
    }
}
