package dev.pointsman.launcher.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The deletion of what launchers stored of their instances' output. A launcher that runs notices it with its next line, and begins
 * a new file; see {@link RotatingFile}.
 */
public final class LogFlush {
    private LogFlush() {}

    /**
     * Deletes the files of some types, those that were rotated included.
     *
     * @param folders where launchers store lines; a missing folder counts as an empty one
     * @param types whose; none for all
     * @return the types of which there was a file
     */
    public static Set<String> of(Collection<Path> folders, Collection<String> types) throws IOException {
        Set<String> flushed = new TreeSet<>();
        for (Path file : files(folders)) {
            String type = LogName.type(LogName.growing(file));
            if (type != null && (types.isEmpty() || types.contains(type))) {
                Files.deleteIfExists(file);
                flushed.add(type);
            }
        }
        return flushed;
    }

    private static List<Path> files(Collection<Path> folders) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> all = Files.list(folder)) {
                    all.forEach(files::add);
                }
            }
        }
        return files;
    }
}
