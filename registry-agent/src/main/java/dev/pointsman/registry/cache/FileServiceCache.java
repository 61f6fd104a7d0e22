package dev.pointsman.registry.cache;

import dev.pointsman.registry.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache in a file, with which a process can start while its registry is down. Changes are written together, on a thread
 * of its own: {@link #SOON} after the first of them, or later where writing itself takes long. What only is confirmed is
 * written every {@link #REFRESH}, so that the file of a quiet registry does not grow old. Thread-safe.
 */
public final class FileServiceCache implements ServiceCache {
    /**
     * The longest time for which a change may be unwritten. Instances come in groups, and a disk need not see each one
     * of them.
     */
    static final Duration SOON = Duration.ofMillis(300);

    static final Duration REFRESH = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(FileServiceCache.class);
    /** Writing may take a twentieth of the time at most: for ten thousand instances the file has megabytes. */
    private static final int SHARE = 20;

    /** A scheduler with a thread that may block. */
    interface Writer {
        void run(Runnable task, Duration delay);

        /** Ends the thread after the tasks that are due by now. */
        void end();
    }

    private final CacheFile file;
    private final Clock clock;
    private final Writer writer;
    private final Map<String, CachedService> cached;

    private final Map<String, CachedService> services;
    private Instant written;
    private boolean due;
    private Duration tookToWrite = Duration.ZERO;
    private @Nullable String failure;
    private boolean ended;

    FileServiceCache(CacheFile file, Clock clock, Writer writer) {
        this.file = file;
        this.clock = clock;
        this.writer = writer;
        this.cached = Map.copyOf(file.read(clock.instant(), LOG::warn));
        this.services = new LinkedHashMap<>(cached);
        this.written = clock.instant();
    }

    /**
     * Reads the file if there is one, and says so in the log; a file that cannot be used is left out with a sentence and
     * replaced later. Blocks for the reading.
     *
     * @param file in a folder that exists
     * @param registry what its content must be about, so that a process that was moved to another registry does not send
     *     anything to the instances of the old one
     */
    public static FileServiceCache open(Path file, String registry) {
        FileServiceCache cache =
                new FileServiceCache(new CacheFile(file, registry), Clock.systemUTC(), new OwnThread());
        if (!cache.cached.isEmpty()) {
            LOG.info(
                    "The cache file {} knows {} instances of {} services; they count until the registry responds",
                    file,
                    cache.cached.values().stream()
                            .mapToInt(cached -> cached.instances().size())
                            .sum(),
                    cache.cached.size());
        }
        return cache;
    }

    @Override
    public Map<String, CachedService> cached() {
        return cached;
    }

    @Override
    public synchronized void put(String service, Collection<Instance> instances, long index) {
        Instant now = clock.instant();
        CachedService before = services.get(service);
        CachedService cached = new CachedService(List.copyOf(instances), index, now);
        services.put(service, cached);
        boolean changed = before == null || !before.instances().equals(cached.instances());
        if (changed || Duration.between(written, now).compareTo(REFRESH) > 0) {
            writeSoon();
        }
    }

    @Override
    public synchronized void remove(String service) {
        if (services.remove(service) != null) {
            writeSoon();
        }
    }

    private void writeSoon() {
        if (due || ended) {
            return;
        }
        due = true;
        Duration rest = tookToWrite.multipliedBy(SHARE);
        writer.run(this::write, rest.compareTo(SOON) > 0 ? rest : SOON);
    }

    private void write() {
        Map<String, CachedService> all;
        Instant begin = clock.instant();
        synchronized (this) {
            if (!due) {
                return;
            }
            due = false;
            services.values().removeIf(cached -> CacheFile.isOld(cached, begin));
            all = new LinkedHashMap<>(services);
        }
        String problem = null;
        try {
            file.write(all);
        } catch (IOException | RuntimeException e) {
            problem = e.toString();
        }
        done(begin, problem);
    }

    private synchronized void done(Instant begin, @Nullable String problem) {
        Instant now = clock.instant();
        Duration took = Duration.between(begin, now);
        tookToWrite = took.isNegative() ? Duration.ZERO : took;
        if (problem == null) {
            written = now;
            if (failure != null) {
                LOG.info("The cache file {} is written again", file.path());
            }
        } else {
            if (failure == null) {
                LOG.warn("The cache file {} cannot be written ({}); trying on at each change", file.path(), problem);
            }
            // Until it is written, every response of the registry is a reason to try.
            written = Instant.MIN;
        }
        failure = problem;
    }

    /** Writes what is not written yet, and ends the thread. Completes when that is done; never fails. */
    public CompletionStage<Void> end() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (this) {
            if (ended) {
                return CompletableFuture.completedFuture(null);
            }
            ended = true;
        }
        writer.run(
                () -> {
                    try {
                        write();
                    } finally {
                        done.complete(null);
                    }
                },
                Duration.ZERO);
        writer.end();
        return done;
    }

    /**
     * A daemon thread; what is scheduled for later when it ends is dropped, {@link FileServiceCache#end()} has done it
     * by then.
     */
    private static final class OwnThread implements Writer {
        private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "registry-cache");
            thread.setDaemon(true);
            return thread;
        });

        @Override
        public void run(Runnable task, Duration delay) {
            // The returned future would only hold a failure that write() has dealt with.
            var unused = executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void end() {
            executor.shutdown();
        }
    }
}
