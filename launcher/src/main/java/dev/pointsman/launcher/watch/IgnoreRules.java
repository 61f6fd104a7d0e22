package dev.pointsman.launcher.watch;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/**
 * The patterns of files that are no reason to reload. A pattern without a slash is one for names, at any depth; one with a slash is for the
 * path from the watched folder. What is below an ignored folder is ignored too. Immutable.
 */
final class IgnoreRules {
    /** Always ignored: version control, dependencies, and the temporary files of editors and programs. */
    static final List<String> ALWAYS = List.of(
            ".git",
            ".hg",
            ".svn",
            "node_modules",
            "__pycache__",
            "*.pyc",
            "*~",
            ".*.sw?",
            ".#*",
            "#*#",
            "4913",
            "*.log");

    private final List<PathMatcher> names = new ArrayList<>();
    private final List<PathMatcher> paths = new ArrayList<>();

    IgnoreRules(List<String> patterns) {
        ALWAYS.forEach(this::add);
        patterns.forEach(this::add);
    }

    private void add(String pattern) {
        String plain = pattern.replaceFirst("^\\./", "").replaceFirst("/+$", "");
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + plain);
        (plain.indexOf('/') < 0 ? names : paths).add(matcher);
    }

    /** @param path from the watched folder */
    boolean ignores(Path path) {
        for (int i = 1; i <= path.getNameCount(); i++) {
            Path above = path.subpath(0, i);
            Path name = path.getName(i - 1);
            if (names.stream().anyMatch(matcher -> matcher.matches(name))
                    || paths.stream().anyMatch(matcher -> matcher.matches(above))) {
                return true;
            }
        }
        return false;
    }
}
