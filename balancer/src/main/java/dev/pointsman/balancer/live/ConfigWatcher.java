package dev.pointsman.balancer.live;

import dev.pointsman.balancer.config.ConfigReading.ConfigPlaces;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch on the files of a configuration that calls back once they have changed and are at rest: written in place, replaced by
 * another file, or reached through a symbolic link that leads elsewhere by now, as Kubernetes exchanges the folder of a mounted
 * ConfigMap. Folders are watched, since what replaces a file is another file; besides, the files are looked at every few
 * seconds, for file systems that tell nothing. Runs on a thread of its own, which also calls back.
 */
public final class ConfigWatcher implements AutoCloseable {
    /** The time that files have to stay as they are before they are read. */
    public static final Duration QUIET = Duration.ofMillis(200);

    /** The time between two looks where nothing is told. */
    public static final Duration LOOK = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(ConfigWatcher.class);

    /** What is seen: the files, and how often one of them was said to be written, which the facts of a file may not show. */
    private record Seen(FollowedFiles files, long told) {}

    private final Supplier<ConfigPlaces> places;
    private final Runnable changed;
    private final long lookNanos;
    private final LongSupplier nanoTime;
    private final SettledChange<Seen> change;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final @Nullable WatchService service;
    private final Map<Path, WatchKey> keys = new HashMap<>();
    private final Set<Path> unwatched = new HashSet<>();
    private final Thread thread;
    private long told;
    private boolean mayDiffer;
    private long nextLook;
    private FollowedFiles files;

    private ConfigWatcher(
            Supplier<ConfigPlaces> places, Runnable changed, Duration quiet, Duration look, LongSupplier nanoTime) {
        this.places = places;
        this.changed = changed;
        this.lookNanos = look.toNanos();
        this.nanoTime = nanoTime;
        this.service = watchService();
        this.files = FollowedFiles.at(places.get());
        register();
        this.change = new SettledChange<>(new Seen(files, 0), quiet);
        this.thread = new Thread(this::run, "config-watch");
        thread.setDaemon(true);
    }

    /**
     * Starts a watch; what changes from now on is noticed.
     *
     * @param places the files to follow, asked for again after each change
     * @param changed called after each change, on the watch's thread; it may block
     * @param quiet usually {@link #QUIET}
     * @param look usually {@link #LOOK}
     * @param nanoTime usually {@link System#nanoTime}
     */
    public static ConfigWatcher start(
            Supplier<ConfigPlaces> places, Runnable changed, Duration quiet, Duration look, LongSupplier nanoTime) {
        ConfigWatcher watcher = new ConfigWatcher(places, changed, quiet, look, nanoTime);
        watcher.thread.start();
        return watcher;
    }

    private static @Nullable WatchService watchService() {
        try {
            return FileSystems.getDefault().newWatchService();
        } catch (IOException | UnsupportedOperationException none) {
            log.info(
                    "changes of the configuration are noticed within {} s, not at once: {}",
                    LOOK.toSeconds(),
                    none.toString());
            return null;
        }
    }

    private void run() {
        try {
            nextLook = nanoTime.getAsLong() + lookNanos;
            while (!await(nanosLeft(nanoTime.getAsLong()))) {
                long now = nanoTime.getAsLong();
                if (mayDiffer || nanosLeft(now) <= 0) {
                    mayDiffer = false;
                    nextLook = now + lookNanos;
                    look();
                    if (change.settled(new Seen(files, told), nanoTime.getAsLong())) {
                        callBack();
                    }
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException end) {
            log.debug("no longer watching");
        }
    }

    private long nanosLeft(long now) {
        return Math.min(change.nanosLeft(now), nextLook - now);
    }

    /** Waits for something to be told, for a time at most; true if the watch was closed meanwhile. */
    private boolean await(long nanos) throws InterruptedException {
        if (service == null) {
            return closed.await(nanos, TimeUnit.NANOSECONDS);
        }
        WatchKey key = service.poll(nanos, TimeUnit.NANOSECONDS);
        while (key != null) {
            take(key);
            key = service.poll();
        }
        return closed.getCount() == 0;
    }

    private void take(WatchKey key) {
        Set<Path> names = files.facts().keySet().stream().map(Path::getFileName).collect(Collectors.toSet());
        for (WatchEvent<?> event : key.pollEvents()) {
            if (!(event.context() instanceof Path name) || names.contains(name)) {
                told++;
                mayDiffer = true;
            } else if (event.kind() != StandardWatchEventKinds.ENTRY_MODIFY) {
                // A part of the way to a file may have come or gone. That another file is written, such as a log, is
                // nothing to us.
                mayDiffer = true;
            }
        }
        if (!key.reset()) {
            keys.values().remove(key);
            mayDiffer = true;
        }
    }

    private void look() {
        files = FollowedFiles.at(places.get());
        if (register()) {
            // What happened before a folder was watched has not been told.
            files = FollowedFiles.at(places.get());
        }
    }

    /** Watches the folders of the files and no others; true if there was a new one. */
    private boolean register() {
        WatchService into = service;
        if (into == null) {
            return false;
        }
        keys.entrySet().removeIf(each -> {
            boolean left = !files.folders().contains(each.getKey());
            if (left) {
                each.getValue().cancel();
            }
            return left;
        });
        boolean anyNew = false;
        for (Path folder : files.folders()) {
            if (!keys.containsKey(folder)) {
                anyNew |= register(folder, into);
            }
        }
        return anyNew;
    }

    private boolean register(Path folder, WatchService into) {
        try {
            keys.put(
                    folder,
                    folder.register(
                            into,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE));
            unwatched.remove(folder);
            return true;
        } catch (IOException failed) {
            if (unwatched.add(folder)) {
                log.info("changes in {} are noticed within seconds, not at once: {}", folder, failed.toString());
            }
            return false;
        }
    }

    private void callBack() {
        try {
            changed.run();
        } catch (RuntimeException failed) {
            log.error("a changed configuration could not be read; the next change is read again", failed);
        }
    }

    /** Ends the watch and its thread; a callback under way is interrupted and waited for. */
    @Override
    public void close() {
        closed.countDown();
        try {
            if (service != null) {
                service.close();
            }
        } catch (IOException failed) {
            log.warn("the watch on the configuration's folders was not closed: {}", failed.toString());
        }
        if (Thread.currentThread() != thread) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
