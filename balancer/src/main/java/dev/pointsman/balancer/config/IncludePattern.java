package dev.pointsman.balancer.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The files that an {@code include} names: one, or by {@code *}, {@code ?}, {@code [..]} and {@code {a,b}} in the names of
 * files and folders all that there are. As in a shell, a name that begins with a dot is meant only by a pattern that does.
 * Immutable.
 *
 * @param folder the one of the including file
 * @param text as it is written; relative to the folder, or absolute
 */
public record IncludePattern(Path folder, String text) {
    /** What is expected where {@link #isValid} says no. */
    static final String EXPECTED = "a file, or a pattern of files such as conf.d/*.yaml";

    /** Whether it is a path, with patterns that can be read; {@code **} is none, as a tree hides what it includes. */
    boolean isValid() {
        if (text.isBlank() || text.contains("**") || text.endsWith("/")) {
            return false;
        }
        try {
            for (String name : text.split("/", -1)) {
                matcher(name);
            }
            return isPattern() || !folder.resolve(text).toString().isEmpty();
        } catch (PatternSyntaxException | InvalidPathException unreadable) {
            return false;
        }
    }

    /** Whether it may be for any number of files. */
    boolean isPattern() {
        return isPattern(text);
    }

    private static boolean isPattern(String name) {
        return name.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    /** The files there are, sorted by their paths; of a plain name that file, whether or not it is there. */
    public List<Path> files() {
        if (!isPattern()) {
            return List.of(folder.resolve(text));
        }
        List<Path> found = List.of(text.startsWith("/") ? Path.of("/") : folder);
        String[] names = text.split("/", -1);
        for (String name : names) {
            if (!name.isEmpty()) {
                found = below(found, name);
            }
        }
        return found.stream().filter(Files::isRegularFile).sorted().toList();
    }

    private static List<Path> below(List<Path> folders, String name) {
        PathMatcher matcher = matcher(name);
        List<Path> found = new ArrayList<>();
        for (Path each : folders) {
            if (matcher == null) {
                found.add(each.resolve(name));
                continue;
            }
            try (DirectoryStream<Path> entries =
                    Files.newDirectoryStream(each.toString().isEmpty() ? Path.of(".") : each)) {
                for (Path entry : entries) {
                    Path last = entry.getFileName();
                    boolean hidden = last.toString().startsWith(".") && !name.startsWith(".");
                    if (!hidden && matcher.matches(last)) {
                        found.add(each.resolve(last));
                    }
                }
            } catch (IOException noFolder) {
                // a pattern of a folder that is not there matches nothing
            }
        }
        return found;
    }

    private static @Nullable PathMatcher matcher(String name) {
        return isPattern(name) ? FileSystems.getDefault().getPathMatcher("glob:" + name) : null;
    }

    /** The folders in which a file that appears may be one of them; those that are not there yet included. */
    public List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        List<Path> found = List.of(text.startsWith("/") ? Path.of("/") : folder);
        String[] names = text.split("/", -1);
        for (String name : names) {
            if (!name.isEmpty()) {
                folders.addAll(found);
                found = below(found, name);
            }
        }
        return folders;
    }
}
