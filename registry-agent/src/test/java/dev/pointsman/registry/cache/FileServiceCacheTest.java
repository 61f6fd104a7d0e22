package dev.pointsman.registry.cache;

import static dev.pointsman.registry.cache.CachedInstances.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.registry.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileServiceCacheTest {
    private static final String CONSUL = "http://127.0.0.1:8500";

    private final Path folder;

    private Instant now = Instant.parse("2026-05-01T12:00:00Z");
    private final List<Runnable> put = new ArrayList<>();
    private final List<Duration> delays = new ArrayList<>();

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    };

    private final FileServiceCache.Writer writer = new FileServiceCache.Writer() {
        @Override
        public void run(Runnable task, Duration delay) {
            put.add(task);
            delays.add(delay);
        }

        @Override
        public void end() {}
    };

    FileServiceCacheTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private Path path() {
        return folder.resolve("view.json");
    }

    private FileServiceCache open() {
        return new FileServiceCache(new CacheFile(path(), CONSUL), clock, writer);
    }

    private void runWhatWasPutOff() {
        List<Runnable> tasks = List.copyOf(put);
        put.clear();
        tasks.forEach(Runnable::run);
    }

    private List<Instance> cached(String name) {
        CachedService service = open().cached().get(name);
        return service == null ? List.of() : service.instances();
    }

    @Test
    void what_was_put_is_there_for_the_next_process() {
        FileServiceCache cache = open();
        assertThat(cache.cached()).isEmpty();
        cache.put("api", List.of(instance("a", 1)), 42);
        assertThat(path()).as("no caller waits for the disk").doesNotExist();
        runWhatWasPutOff();
        assertThat(open().cached().get("api")).isEqualTo(new CachedService(List.of(instance("a", 1)), 42, now));
    }

    @Test
    void many_changes_in_a_short_time_are_one_write() {
        FileServiceCache cache = open();
        IntStream.range(1, 1000).forEach(n -> cache.put("s" + n % 10, List.of(instance("a", n)), n));
        assertThat(delays).containsExactly(FileServiceCache.SOON);
        runWhatWasPutOff();
        assertThat(open().cached()).hasSize(10);
        assertThat(cached("s9")).containsExactly(instance("a", 999));
        cache.put("s9", List.of(), 1000);
        assertThat(delays).hasSize(2);
    }

    @Test
    void what_only_stays_true_is_written_now_and_then_so_that_it_does_not_grow_old() {
        FileServiceCache cache = open();
        cache.put("api", List.of(instance("a", 1)), 42);
        runWhatWasPutOff();
        for (int hour = 1; hour <= 100; hour++) {
            now = now.plus(Duration.ofMinutes(30));
            cache.put("api", List.of(instance("a", 1)), 43);
            now = now.plus(Duration.ofMinutes(30));
            cache.put("api", List.of(instance("a", 1)), 44);
            runWhatWasPutOff();
        }
        assertThat(delays).hasSizeBetween(100, 201);
        assertThat(cached("api")).hasSize(1);
        cache.put("api", List.of(instance("a", 1)), 45);
        assertThat(put).as("it was written just now").isEmpty();
    }

    @Test
    void what_the_registry_no_longer_confirms_is_given_up_after_a_day_while_the_rest_goes_on() {
        FileServiceCache cache = open();
        cache.put("lost", List.of(instance("a", 1)), 42);
        for (int hour = 0; hour < 30; hour++) {
            now = now.plus(Duration.ofHours(1));
            cache.put("api", List.of(instance("b", 2)), 42);
            runWhatWasPutOff();
        }
        assertThat(cached("api")).hasSize(1);
        assertThat(Files.exists(path())).isTrue();
        assertThat(open().cached()).containsOnlyKeys("api");
    }

    @Test
    void what_was_cached_and_not_listed_since_is_still_there_for_the_next_start() {
        FileServiceCache first = open();
        first.put("api", List.of(instance("a", 1)), 42);
        first.put("web", List.of(instance("b", 2)), 42);
        runWhatWasPutOff();
        FileServiceCache second = open();
        second.put("web", List.of(), 43);
        runWhatWasPutOff();
        assertThat(cached("api")).containsExactly(instance("a", 1));
        assertThat(cached("web")).isEmpty();
    }

    @Test
    void a_service_that_is_followed_no_longer_is_removed() {
        FileServiceCache cache = open();
        cache.put("api", List.of(instance("a", 1)), 42);
        cache.remove("api");
        cache.remove("unheard of");
        runWhatWasPutOff();
        assertThat(open().cached()).isEmpty();
    }

    @Test
    void a_file_that_cannot_be_written_is_tried_again_with_the_next_response() throws IOException {
        FileServiceCache cache = open();
        Files.createDirectories(folder.resolve("view.json.new").resolve("in the way"));
        cache.put("api", List.of(instance("a", 1)), 42);
        runWhatWasPutOff();
        assertThat(path()).doesNotExist();

        Files.delete(folder.resolve("view.json.new").resolve("in the way"));
        cache.put("api", List.of(instance("a", 1)), 42);
        runWhatWasPutOff();
        assertThat(cached("api")).containsExactly(instance("a", 1));
    }

    @Test
    void at_the_end_everything_is_written_and_no_thread_is_left() {
        FileServiceCache cache = FileServiceCache.open(path(), CONSUL);
        cache.put("api", List.of(instance("a", 1)), 42);
        assertThat(cache.end()).succeedsWithin(Duration.ofSeconds(30));
        assertThat(cache.end()).succeedsWithin(Duration.ofSeconds(30));
        assertThat(FileServiceCache.open(path(), CONSUL).cached()).containsOnlyKeys("api");
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("registry-cache")));
    }
}
