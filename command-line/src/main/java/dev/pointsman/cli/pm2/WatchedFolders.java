package dev.pointsman.cli.pm2;

import dev.pointsman.cli.pm2.AppConversion.Surroundings;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What becomes of {@code watch} and {@code ignore_watch}: folders and patterns, where PM2 has files, patterns and regular expressions. */
final class WatchedFolders {
    private static final Pattern REGULAR_EXPRESSION = Pattern.compile(".*[\\\\^$()|+].*");

    private final AppValues values;
    private final Path folder;
    private final Surroundings around;
    private final List<String> notes;

    /**
     * Those of an app.
     *
     * @param folder where the app runs
     * @param notes takes a sentence for what is not as it was
     */
    WatchedFolders(AppValues values, Path folder, Surroundings around, List<String> notes) {
        this.values = values;
        this.folder = folder;
        this.around = around;
        this.notes = notes;
    }

    /** Adds what there is. */
    void into(Map<String, Object> settings) {
        if (!values.says("watch")) {
            return;
        }
        Set<String> folders = new LinkedHashSet<>();
        if (values.isTrue("watch")) {
            folders.add(written(folder));
        } else {
            for (String told : values.list("watch")) {
                Path found = found(told);
                if (found == null) {
                    notes.add("watch: \"" + told + "\" is no folder, and left out");
                } else {
                    folders.add(written(found));
                }
            }
        }
        if (!folders.isEmpty()) {
            settings.put("watch", List.copyOf(folders));
            List<String> ignored = ignored();
            if (!ignored.isEmpty()) {
                settings.put("ignore", ignored);
            }
        }
    }

    /** The folder that is meant, or that a file or a pattern is in; null if it is not there. */
    private @Nullable Path found(String told) {
        try {
            int pattern = indexOfPattern(told);
            String plain = pattern < 0 ? told : told.substring(0, Math.max(0, told.lastIndexOf('/', pattern)));
            Path path = folder.resolve(plain).normalize();
            if (Files.isRegularFile(path)) {
                path = path.getParent();
            }
            if (path == null || !Files.isDirectory(path)) {
                return null;
            }
            if (pattern >= 0 || !path.equals(folder.resolve(told).normalize())) {
                notes.add("watch: \"" + told + "\" is its whole folder");
            }
            return path;
        } catch (InvalidPathException noPath) {
            return null;
        }
    }

    private static int indexOfPattern(String told) {
        for (int i = 0; i < told.length(); i++) {
            if ("*?[{".indexOf(told.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private List<String> ignored() {
        List<String> patterns = new ArrayList<>();
        for (String told : values.list("ignore_watch")) {
            String pattern = told.replaceFirst("^\\./", "").replaceFirst("/+$", "");
            if (pattern.isEmpty() || REGULAR_EXPRESSION.matcher(pattern).matches() || !isGlob(pattern)) {
                notes.add("ignore_watch: \"" + told + "\" is no pattern such as *.log or build/**, and left out");
            } else {
                patterns.add(pattern);
            }
        }
        return patterns;
    }

    private static boolean isGlob(String pattern) {
        try {
            FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            return true;
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    /** A folder as it is written in the services file: from there, if that is in the same folder, else by its whole path. */
    private String written(Path watched) {
        if (!around.folder().equals(around.output()) || !watched.startsWith(around.output())) {
            return watched.toString();
        }
        String relative = around.output().relativize(watched).toString();
        return relative.isEmpty() ? "." : relative;
    }
}
