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
 * Remembers in a file, so that a process can start while its registry is down. Changes are written together, on a thread
 * of its own: {@link #SOON} after the first of them, or later where writing itself takes long. What only stays true is
 * written every {@link #REFRESH}, so that the file of a quiet registry does not grow old. Thread-safe.
 */
public final class FileMemory implements ServiceMemory {
    /** How long a change may be unwritten. Instances come in groups, and a disk need not see each one of them. */
    static final Duration SOON = Duration.ofMillis(300);

    static final Duration REFRESH = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(FileMemory.class);
    /** Of ten thousand instances the file has megabytes: writing it is to take a twentieth of the time at the most. */
    private static final int SHARE = 20;

    /** Runs something later, on a thread that may block. */
    interface Later {
        void run(Runnable task, Duration delay);

        void end();
    }

    private final ViewFile file;
    private final Clock clock;
    private final Later later;
    private final Map<String, KeptService> recalled;

    private final Map<String, KeptService> services;
    private Instant written;
    private boolean due;
    private Duration tookToWrite = Duration.ZERO;
    private @Nullable String failure;
    private boolean ended;

    FileMemory(ViewFile file, Clock clock, Later later) {
        this.file = file;
        this.clock = clock;
        this.later = later;
        this.recalled = Map.copyOf(file.read(clock.instant(), LOG::warn));
        this.services = new LinkedHashMap<>(recalled);
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
    public static FileMemory open(Path file, String registry) {
        FileMemory memory = new FileMemory(new ViewFile(file, registry), Clock.systemUTC(), new OwnThread());
        if (!memory.recalled.isEmpty()) {
            LOG.info(
                    "The view file {} knows {} instances of {} services; they count until the registry answers",
                    file,
                    memory.recalled.values().stream()
                            .mapToInt(kept -> kept.instances().size())
                            .sum(),
                    memory.recalled.size());
        }
        return memory;
    }

    @Override
    public Map<String, KeptService> recalled() {
        return recalled;
    }

    @Override
    public synchronized void note(String service, Collection<Instance> instances, long index) {
        Instant now = clock.instant();
        KeptService before = services.get(service);
        KeptService kept = new KeptService(List.copyOf(instances), index, now);
        services.put(service, kept);
        boolean changed = before == null || !before.instances().equals(kept.instances());
        if (changed || Duration.between(written, now).compareTo(REFRESH) > 0) {
            writeSoon();
        }
    }

    @Override
    public synchronized void forget(String service) {
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
        later.run(this::write, rest.compareTo(SOON) > 0 ? rest : SOON);
    }

    private void write() {
        Map<String, KeptService> all;
        Instant begin = clock.instant();
        synchronized (this) {
            if (!due) {
                return;
            }
            due = false;
            services.values().removeIf(kept -> ViewFile.isOld(kept, begin));
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
                LOG.info("The view file {} is written again", file.path());
            }
        } else {
            if (failure == null) {
                LOG.warn("The view file {} cannot be written ({}); trying on at each change", file.path(), problem);
            }
            // Until it is written, every answer of the registry is a reason to try.
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
        later.run(
                () -> {
                    try {
                        write();
                    } finally {
                        done.complete(null);
                    }
                },
                Duration.ZERO);
        later.end();
        return done;
    }

    /** One daemon thread; what was put off when it ends is dropped, {@link FileMemory#end()} has done it by then. */
    private static final class OwnThread implements Later {
        private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "view-file");
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
