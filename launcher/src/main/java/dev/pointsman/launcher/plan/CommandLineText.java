package dev.pointsman.launcher.plan;

import dev.pointsman.settings.Setting;
import java.util.List;
import java.util.regex.Pattern;

/** A command written as one line, as services files and Procfiles have it. */
final class CommandLineText {
    /** {@code NODE_ENV=production node app.js}: variables of this command, as a shell has them. */
    private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=.*", Pattern.DOTALL);

    private CommandLineText() {}

    /** Adds a line's settings: {@code env} for each assignment before the program, {@code command} for each word after. */
    static void read(String source, String line, List<Setting> settings, List<String> problems) {
        try {
            boolean before = true;
            for (String word : CommandWords.split(line)) {
                before = before && ASSIGNMENT.matcher(word).matches();
                settings.add(new Setting(before ? "env" : "command", word, source));
            }
        } catch (IllegalArgumentException bad) {
            problems.add(source + ": " + bad.getMessage());
            settings.add(new Setting(PlanReader.REFUSED_COMMAND, line, source));
        }
    }
}
