package dev.pointsman.balancer.config;

import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The values that hold what variables of the environment hold, to be shown as they are written: a problem may be read by
 * more people than the environment may. Immutable.
 */
final class WrittenValues {
    private static final String EXPECTED = " (expected: ";

    /** The longest values first, so that none is left in part by a shorter one. */
    private final List<Setting> variable = new ArrayList<>();

    WrittenValues(Collection<Setting> settings) {
        collect(settings);
        variable.sort(
                Comparator.comparingInt((Setting setting) -> setting.value().length())
                        .reversed());
    }

    private void collect(Collection<Setting> settings) {
        for (Setting setting : settings) {
            if (setting.holdsVariable()) {
                variable.add(setting);
            }
            collect(setting.parts());
        }
    }

    /**
     * A problem without what variables hold. Of one with such a value itself, which may be told in parts, nothing stays but
     * place, value as written, and what was expected.
     */
    String in(String problem) {
        String shown = problem;
        for (Setting setting : variable) {
            shown = shown.startsWith(setting.source() + ":") ? ofItself(setting, shown) : besides(setting, shown);
        }
        return shown;
    }

    private static String ofItself(Setting setting, String problem) {
        int from = setting.source().length() + 1;
        int expected = problem.lastIndexOf(EXPECTED);
        String told = expected < from ? problem.substring(from) : problem.substring(from, expected);
        if (told.indexOf('"') < 0 && !told.contains(setting.value())) {
            return problem;
        }
        int end = problem.lastIndexOf(')');
        String wanted = expected < from ? "" : problem.substring(expected, end < expected ? problem.length() : end + 1);
        return setting.source() + ": " + Settings.shown(setting.written()) + wanted;
    }

    /** What stands before the first quotation mark is the place, by names that are no values. */
    private static String besides(Setting setting, String problem) {
        int from = problem.indexOf('"');
        if (from < 0 || setting.value().isEmpty()) {
            return problem;
        }
        String told = problem.substring(from)
                .replace(Settings.shown(setting.value()), Settings.shown(setting.written()))
                .replace("\"" + setting.value() + "\"", Settings.shown(setting.written()));
        return problem.substring(0, from) + told;
    }
}
