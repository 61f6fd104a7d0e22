package dev.pointsman.launcher.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The processes of this machine, read from {@code /proc}. Where there is none (not Linux) it knows what {@link ProcessHandle}
 * knows: processes and their descendants, without sessions, times and tags. Thread-safe; each call reads anew, and takes some milliseconds.
 */
final class ProcessTable {
    private final Path proc;

    /** The processes of this machine. */
    ProcessTable() {
        this(Path.of("/proc"));
    }

    /** @param proc {@code /proc}, or a folder that looks like it */
    ProcessTable(Path proc) {
        this.proc = proc;
    }

    /** The folder that it reads. */
    Path proc() {
        return proc;
    }

    /** Whether this machine has a {@code /proc}; otherwise {@link #all()} is empty. */
    boolean isThere() {
        return Files.isReadable(proc.resolve("self/stat"));
    }

    /** Every process that this user may see. */
    List<ProcessStat> all() {
        List<ProcessStat> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path entry : entries) {
                read(entry).ifPresent(all::add);
            }
        } catch (IOException | DirectoryIteratorException notLinux) {
            return all;
        }
        return all;
    }

    Optional<ProcessStat> of(long pid) {
        return read(proc.resolve(Long.toString(pid)));
    }

    private static Optional<ProcessStat> read(Path process) {
        try {
            return ProcessStat.parse(Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1));
        } catch (IOException over) {
            // It ended between the listing and the reading.
            return Optional.empty();
        }
    }

    /**
     * The living processes that belong to a program that was started as process {@code leader}: itself, its session, its
     * descendants, and the processes that carry its tag, wherever they moved to. What another launcher started, also a
     * launcher within the program, is that launcher's.
     *
     * @param since the leader's {@link ProcessStat#startTicks()}; nothing that is older can belong to it
     */
    Set<Long> family(long leader, long since, ProcessTag tag) {
        List<ProcessStat> all = all();
        if (all.isEmpty()) {
            return familyByHandles(leader);
        }
        Set<Long> descendants = descendants(leader, all);
        Set<Long> family = new HashSet<>();
        for (ProcessStat process : all) {
            if (process.startTicks() < since || process.zombie()) {
                continue;
            }
            if (process.pid() == leader || process.session() == leader) {
                family.add(process.pid());
                continue;
            }
            String environment = environment(process.pid());
            boolean isAnothers = environment.contains("\0" + ProcessTag.LAUNCHER + "=") && !tag.isIn(environment);
            if (tag.isIn(environment) || (descendants.contains(process.pid()) && !isAnothers)) {
                family.add(process.pid());
            }
        }
        return family;
    }

    /** The living processes that carry a tag. */
    Set<Long> tagged(ProcessTag tag) {
        Set<Long> tagged = new HashSet<>();
        for (ProcessStat process : all()) {
            if (!process.zombie() && tag.isIn(environment(process.pid()))) {
                tagged.add(process.pid());
            }
        }
        return tagged;
    }

    /** The leader's session and descendants, living ones, among processes that were read before. */
    static List<ProcessStat> family(long leader, List<ProcessStat> all) {
        Set<Long> descendants = descendants(leader, all);
        return all.stream()
                .filter(process ->
                        process.pid() == leader || process.session() == leader || descendants.contains(process.pid()))
                .toList();
    }

    private static Set<Long> descendants(long leader, List<ProcessStat> all) {
        Set<Long> found = new HashSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (ProcessStat process : all) {
                if (process.parent() == leader || found.contains(process.parent())) {
                    more |= found.add(process.pid());
                }
            }
        }
        return found;
    }

    private static Set<Long> familyByHandles(long leader) {
        Set<Long> family = new HashSet<>();
        ProcessHandle.of(leader).filter(ProcessHandle::isAlive).ifPresent(handle -> {
            family.add(leader);
            handle.descendants().forEach(child -> family.add(child.pid()));
        });
        return family;
    }

    /** The variables that a process began with, one byte a character, each between two NULs; empty if not to be seen. */
    private String environment(long pid) {
        try {
            return "\0"
                    + Files.readString(
                            proc.resolve(Long.toString(pid)).resolve("environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException notOurs) {
            // Another user's process, which was not started here, or a process that has just ended.
            return "";
        }
    }
}
