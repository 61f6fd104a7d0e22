package dev.pointsman.balancer.live;

import dev.pointsman.balancer.config.ConfigReading.ConfigPlaces;
import dev.pointsman.balancer.config.IncludePattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of a configuration as they are at one moment, without their contents: which there are, where symbolic links
 * lead, and of each file its inode, size and time of change. Equal as long as nothing was written, replaced or linked anew.
 * Immutable.
 *
 * @param facts by path; links included
 * @param folders those in which a change can be, for a watch to be registered
 */
record FollowedFiles(Map<Path, String> facts, Set<Path> folders) {
    /** As of Linux: beyond, links lead in a circle. */
    private static final int MOST_LINKS = 40;

    FollowedFiles {
        facts = Map.copyOf(facts);
        folders = Set.copyOf(folders);
    }

    /** Looks at the files. */
    static FollowedFiles at(ConfigPlaces places) {
        Map<Path, String> facts = new HashMap<>();
        Set<Path> folders = new LinkedHashSet<>();
        places.files().forEach(file -> follow(file.toAbsolutePath(), facts, folders, MOST_LINKS));
        places.named().forEach(file -> follow(file.path(), facts, folders, MOST_LINKS));
        for (IncludePattern pattern : places.patterns()) {
            pattern.files().forEach(file -> follow(file.toAbsolutePath(), facts, folders, MOST_LINKS));
            // Not what is in them: only the files that match count, and those are above.
            pattern.folders()
                    .forEach(folder ->
                            follow(folder.toAbsolutePath().resolve("*"), new HashMap<>(), folders, MOST_LINKS));
        }
        return new FollowedFiles(facts, folders);
    }

    /** Walks a path as the operating system does: link by link. */
    private static void follow(Path path, Map<Path, String> facts, Set<Path> folders, int linksLeft) {
        Path current = path.getRoot();
        int names = path.getNameCount();
        for (int i = 0; i < names; i++) {
            Path name = path.getName(i);
            if (name.toString().equals("..")) {
                Path parent = current.getParent();
                current = parent == null ? current : parent;
                continue;
            }
            Path next = name.toString().equals(".") ? current : current.resolve(name);
            Path to = target(next);
            if (to != null && linksLeft > 0) {
                folders.add(current);
                facts.put(next, "-> " + to);
                Path rest = i + 1 < names ? path.subpath(i + 1, names) : Path.of("");
                follow(current.resolve(to).resolve(rest), facts, folders, linksLeft - 1);
                return;
            }
            if (!Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
                // The file, or the first name of a path that is not there yet.
                folders.add(current);
                facts.put(next, identity(next));
                return;
            }
            current = next;
        }
    }

    private static @Nullable Path target(Path path) {
        try {
            return Files.isSymbolicLink(path) ? Files.readSymbolicLink(path) : null;
        } catch (IOException gone) {
            return null;
        }
    }

    private static String identity(Path file) {
        try {
            BasicFileAttributes facts =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return facts.fileKey() + " " + facts.size() + " " + facts.lastModifiedTime();
        } catch (IOException gone) {
            return "not there";
        }
    }
}
