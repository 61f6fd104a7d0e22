package dev.pointsman.launcher.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the lines that launchers stored of one type, one instance or all: first the last lines, then, at each
 * call, the lines since the call before. Lines of several types come in the order of their times. Not thread-safe.
 */
public final class LogReader implements Closeable {
    private static final Comparator<LogLine> BY_TIME = Comparator.comparing(LogLine::time);

    private final List<Path> folders;
    private final @Nullable String typeOrId;
    private final Map<Path, LogFollower> files = new TreeMap<>();

    /**
     * A reader that has read nothing yet.
     *
     * @param folders where launchers store lines; a missing folder counts as an empty one
     * @param typeOrId whose lines, or null for all
     */
    public LogReader(Collection<Path> folders, @Nullable String typeOrId) {
        this.folders = List.copyOf(folders);
        this.typeOrId = typeOrId;
    }

    /** The types with lines in the files. */
    public Set<String> types() throws IOException {
        Set<String> types = new TreeSet<>();
        for (Path file : logs()) {
            types.add(typeOf(file));
        }
        return types;
    }

    /** The last lines. To be called first, and once. */
    public List<LogLine> last(int most) throws IOException {
        List<LogLine> all = new ArrayList<>();
        for (LogFollower file : wanted()) {
            Deque<LogLine> last = new ArrayDeque<>();
            Predicate<LogLine> wanted = wantedLines();
            file.read(line -> {
                if (wanted.test(line)) {
                    last.addLast(line);
                    if (last.size() > most) {
                        last.removeFirst();
                    }
                }
            });
            all.addAll(last);
        }
        all.sort(BY_TIME);
        return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }

    /** The lines since the last call of this or of {@link #last}. */
    public List<LogLine> more() throws IOException {
        List<LogLine> all = new ArrayList<>();
        Predicate<LogLine> wanted = wantedLines();
        for (LogFollower file : wanted()) {
            file.read(line -> {
                if (wanted.test(line)) {
                    all.add(line);
                }
            });
        }
        all.sort(BY_TIME);
        return all;
    }

    private Predicate<LogLine> wantedLines() {
        String which = typeOrId;
        return line -> which == null || line.type().equals(which) || line.id().equals(which);
    }

    /** A type's own files, if that is what is asked for; otherwise any may hold the lines. */
    private List<LogFollower> wanted() throws IOException {
        List<Path> all = logs();
        List<Path> own =
                all.stream().filter(file -> typeOf(file).equals(typeOrId)).toList();
        List<LogFollower> wanted = new ArrayList<>();
        for (Path file : own.isEmpty() ? all : own) {
            wanted.add(files.computeIfAbsent(file, path -> new LogFollower(path, typeOf(path))));
        }
        return wanted;
    }

    private List<Path> logs() throws IOException {
        List<Path> logs = new ArrayList<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> all = Files.list(folder)) {
                    all.map(LogName::growing)
                            .filter(file -> LogName.type(file) != null)
                            .distinct()
                            .sorted()
                            .forEach(logs::add);
                }
            }
        }
        return logs;
    }

    private static String typeOf(Path file) {
        String type = LogName.type(file);
        return type == null ? "" : type;
    }

    @Override
    public void close() throws IOException {
        for (LogFollower file : files.values()) {
            file.close();
        }
    }
}
