package dev.pointsman.launcher.plan;

import dev.pointsman.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Procfile, as foreman and Heroku have it: {@code name: command} in each line; blank lines and lines that begin with
 * {@code #} do not count. The name is the type.
 */
final class Procfile {
    private static final Pattern LINE = Pattern.compile("([^\\s:]+):\\s+(\\S.*)");

    private Procfile() {}

    /**
     * Reads an existing file.
     *
     * @param folder the one it is in, as the user names it
     * @param problems takes what is wrong with it
     */
    static List<ServiceDraft> read(Path file, Path folder, List<String> problems) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException unreadable) {
            problems.add(file + ": cannot be read (" + unreadable.getMessage() + ")");
            return List.of();
        }
        List<ServiceDraft> drafts = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            String where = file + ":" + (i + 1) + ":1";
            Matcher matcher = LINE.matcher(line);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (!matcher.matches()) {
                problems.add(where + ": \"" + line + "\" (expected: NAME: COMMAND)");
            } else if (!names.add(matcher.group(1))) {
                problems.add(where + ": " + matcher.group(1) + " stands twice (expected: each name once)");
            } else {
                drafts.add(draft(matcher.group(1), matcher.group(2), where, folder, problems));
            }
        }
        if (drafts.isEmpty() && problems.isEmpty()) {
            problems.add(file + ": nothing in it (expected: lines such as web: node app.js)");
        }
        return drafts;
    }

    private static ServiceDraft draft(String name, String command, String where, Path folder, List<String> problems) {
        List<Setting> settings = new ArrayList<>();
        String source = where + ": " + name;
        CommandLineText.read(source, command, settings, problems);
        return new ServiceDraft(name, source, folder, settings);
    }
}
