package dev.pointsman.launcher.watch;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch on folders and all that is below them, also what is made later, that calls back once for each burst of changes: an
 * editor writes a file in several steps, and a checkout changes hundreds. A folder whose path leads to another one by now, because
 * a symbolic link was moved or it was made anew, has changed too, and the other one is followed from then on. Runs on a thread
 * of its own, which also calls back.
 */
public final class FolderWatch implements AutoCloseable {
    /** The time without a change after which a burst is over. */
    public static final Duration QUIET = Duration.ofMillis(200);

    private static final Logger log = LoggerFactory.getLogger(FolderWatch.class);
    private static final Duration MOST = Duration.ofSeconds(5);
    private static final Duration LOOK_AT_ROOTS = Duration.ofMillis(500);
    private static final Object GONE = new Object();

    private final IgnoreRules ignore;
    private final Consumer<Path> changed;
    private final LongSupplier nanoTime;
    private final Burst burst;
    private final WatchService service;
    private final Map<WatchKey, WatchedFolder> folders = new HashMap<>();
    /** The identity of each root's folder when it was registered, or GONE: no event tells that its path leads elsewhere. */
    private final Map<Path, Object> roots = new LinkedHashMap<>();

    private long lookedAtRoots;
    private @Nullable Path first;

    /** @param root what ignored paths are relative to */
    private record WatchedFolder(Path folder, Path root) {}

    private FolderWatch(List<String> ignore, Duration quiet, LongSupplier nanoTime, Consumer<Path> changed)
            throws IOException {
        this.ignore = new IgnoreRules(ignore);
        this.changed = changed;
        this.nanoTime = nanoTime;
        this.burst = new Burst(quiet, MOST);
        this.service = FileSystems.getDefault().newWatchService();
    }

    /**
     * Starts a watch.
     *
     * @param ignore patterns of what does not count, beside what never does, see {@link IgnoreRules}
     * @param nanoTime usually {@link System#nanoTime}
     * @param changed takes, after each burst, the path that changed first
     * @throws IOException if a folder cannot be watched; on Linux also when the user's inotify watches are used up
     */
    public static FolderWatch start(
            List<Path> roots, List<String> ignore, Duration quiet, LongSupplier nanoTime, Consumer<Path> changed)
            throws IOException {
        FolderWatch watch = new FolderWatch(ignore, quiet, nanoTime, changed);
        try {
            for (Path root : roots) {
                watch.register(root, root, false);
                watch.roots.put(root, key(root));
            }
            watch.lookedAtRoots = nanoTime.getAsLong();
        } catch (IOException failed) {
            watch.close();
            throw failed;
        }
        Thread thread = new Thread(watch::run, "watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    /** @param made whether it has just appeared, so that what is in it has changed too */
    private void register(Path from, Path root, boolean made) throws IOException {
        // A walk does not step over a link; only a root may be one.
        Path start = from.equals(root) ? root.toRealPath() : from;
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path real, BasicFileAttributes facts) throws IOException {
                Path folder = named(real);
                if (!folder.equals(root) && ignore.ignores(root.relativize(folder))) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                WatchKey key = real.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
                folders.put(key, new WatchedFolder(folder, root));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path real, BasicFileAttributes facts) {
                Path file = named(real);
                if (made && !ignore.ignores(root.relativize(file))) {
                    note(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) throws IOException {
                if (named(file).equals(root)) {
                    throw gone;
                }
                return FileVisitResult.CONTINUE;
            }

            private Path named(Path real) {
                return from.resolve(start.relativize(real));
            }
        });
    }

    private void run() {
        try {
            while (true) {
                long left = Math.min(burst.nanosLeft(nanoTime.getAsLong()), LOOK_AT_ROOTS.toNanos());
                WatchKey key = service.poll(left, TimeUnit.NANOSECONDS);
                if (key != null) {
                    look(key);
                }
                if (nanoTime.getAsLong() - lookedAtRoots >= LOOK_AT_ROOTS.toNanos()) {
                    roots.replaceAll(this::look);
                    lookedAtRoots = nanoTime.getAsLong();
                }
                Path what = first;
                if (burst.over(nanoTime.getAsLong()) && what != null) {
                    first = null;
                    changed.accept(what);
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException closed) {
            log.debug("no longer watching");
        }
    }

    private void look(WatchKey key) {
        WatchedFolder watched = folders.get(key);
        for (WatchEvent<?> event : key.pollEvents()) {
            if (watched != null && event.context() instanceof Path name) {
                look(watched, watched.folder().resolve(name), event.kind());
            } else if (watched != null) {
                // too many at once to be told one by one; new folders may be among them
                note(watched.folder());
                registerNew(watched.folder(), watched.root());
            }
        }
        if (!key.reset()) {
            folders.remove(key);
            if (watched != null) {
                roots.replace(watched.folder(), GONE);
            }
        }
    }

    /** Follows a root to where its path leads by now; returns that folder's identity. */
    private Object look(Path root, Object before) {
        Object now = key(root);
        if (now.equals(before) || now == GONE) {
            return now;
        }
        folders.entrySet().removeIf(each -> {
            boolean left = each.getValue().root().equals(root);
            if (left) {
                each.getKey().cancel();
            }
            return left;
        });
        note(root);
        try {
            register(root, root, false);
        } catch (IOException failed) {
            log.warn("changes below {} are not noticed: {}", root, failed.toString());
        }
        return now;
    }

    private static Object key(Path root) {
        try {
            BasicFileAttributes facts = Files.readAttributes(root, BasicFileAttributes.class);
            Object key = facts.fileKey();
            return facts.isDirectory() && key != null ? key : GONE;
        } catch (IOException gone) {
            return GONE;
        }
    }

    private void look(WatchedFolder watched, Path path, WatchEvent.Kind<?> kind) {
        if (ignore.ignores(watched.root().relativize(path))) {
            return;
        }
        if (!Files.isDirectory(path)) {
            note(path);
        } else if (kind == StandardWatchEventKinds.ENTRY_CREATE) {
            registerNew(path, watched.root());
        }
    }

    private void registerNew(Path folder, Path root) {
        try {
            register(folder, root, true);
        } catch (IOException failed) {
            log.warn("changes below {} are not noticed: {}", folder, failed.toString());
        }
    }

    private void note(Path path) {
        if (first == null) {
            first = path;
        }
        burst.changed(nanoTime.getAsLong());
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
