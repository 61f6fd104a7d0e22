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

class FileMemoryTest {
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

    private final FileMemory.Later later = new FileMemory.Later() {
        @Override
        public void run(Runnable task, Duration delay) {
            put.add(task);
            delays.add(delay);
        }

        @Override
        public void end() {}
    };

    FileMemoryTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private Path path() {
        return folder.resolve("view.json");
    }

    private FileMemory memory() {
        return new FileMemory(new ViewFile(path(), CONSUL), clock, later);
    }

    private void runWhatWasPutOff() {
        List<Runnable> tasks = List.copyOf(put);
        put.clear();
        tasks.forEach(Runnable::run);
    }

    private List<Instance> recalled(String service) {
        KeptService kept = memory().recalled().get(service);
        return kept == null ? List.of() : kept.instances();
    }

    @Test
    void what_was_noted_is_recalled_by_the_next_process() {
        FileMemory memory = memory();
        assertThat(memory.recalled()).isEmpty();
        memory.note("api", List.of(instance("a", 1)), 42);
        assertThat(path()).as("nobody waits for the disk").doesNotExist();
        runWhatWasPutOff();
        assertThat(memory().recalled().get("api")).isEqualTo(new KeptService(List.of(instance("a", 1)), 42, now));
    }

    @Test
    void many_changes_in_a_short_time_are_one_write() {
        FileMemory memory = memory();
        IntStream.range(1, 1000).forEach(n -> memory.note("s" + n % 10, List.of(instance("a", n)), n));
        assertThat(delays).containsExactly(FileMemory.SOON);
        runWhatWasPutOff();
        assertThat(memory().recalled()).hasSize(10);
        assertThat(recalled("s9")).containsExactly(instance("a", 999));
        memory.note("s9", List.of(), 1000);
        assertThat(delays).hasSize(2);
    }

    @Test
    void what_only_stays_true_is_written_now_and_then_so_that_it_does_not_grow_old() {
        FileMemory memory = memory();
        memory.note("api", List.of(instance("a", 1)), 42);
        runWhatWasPutOff();
        for (int hour = 1; hour <= 100; hour++) {
            now = now.plus(Duration.ofMinutes(30));
            memory.note("api", List.of(instance("a", 1)), 43);
            now = now.plus(Duration.ofMinutes(30));
            memory.note("api", List.of(instance("a", 1)), 44);
            runWhatWasPutOff();
        }
        assertThat(delays).hasSizeBetween(100, 201);
        assertThat(recalled("api")).hasSize(1);
        memory.note("api", List.of(instance("a", 1)), 45);
        assertThat(put).as("it was written just now").isEmpty();
    }

    @Test
    void what_the_registry_no_longer_confirms_is_given_up_after_a_day_while_the_rest_goes_on() {
        FileMemory memory = memory();
        memory.note("lost", List.of(instance("a", 1)), 42);
        for (int hour = 0; hour < 30; hour++) {
            now = now.plus(Duration.ofHours(1));
            memory.note("api", List.of(instance("b", 2)), 42);
            runWhatWasPutOff();
        }
        assertThat(recalled("api")).hasSize(1);
        assertThat(Files.exists(path())).isTrue();
        assertThat(memory().recalled()).containsOnlyKeys("api");
    }

    @Test
    void what_was_recalled_and_not_answered_for_is_still_there_for_the_next_start() {
        FileMemory first = memory();
        first.note("api", List.of(instance("a", 1)), 42);
        first.note("web", List.of(instance("b", 2)), 42);
        runWhatWasPutOff();
        FileMemory second = memory();
        second.note("web", List.of(), 43);
        runWhatWasPutOff();
        assertThat(recalled("api")).containsExactly(instance("a", 1));
        assertThat(recalled("web")).isEmpty();
    }

    @Test
    void a_service_that_nobody_asks_for_is_forgotten() {
        FileMemory memory = memory();
        memory.note("api", List.of(instance("a", 1)), 42);
        memory.forget("api");
        memory.forget("unheard of");
        runWhatWasPutOff();
        assertThat(memory().recalled()).isEmpty();
    }

    @Test
    void a_file_that_cannot_be_written_is_tried_again_with_the_next_answer() throws IOException {
        FileMemory memory = memory();
        Files.createDirectory(folder.resolve("view.json.new"));
        memory.note("api", List.of(instance("a", 1)), 42);
        runWhatWasPutOff();
        assertThat(path()).doesNotExist();

        Files.delete(folder.resolve("view.json.new"));
        memory.note("api", List.of(instance("a", 1)), 42);
        runWhatWasPutOff();
        assertThat(recalled("api")).containsExactly(instance("a", 1));
    }

    @Test
    void at_the_end_everything_is_written_and_no_thread_is_left() {
        FileMemory memory = FileMemory.open(path(), CONSUL);
        memory.note("api", List.of(instance("a", 1)), 42);
        assertThat(memory.end()).succeedsWithin(Duration.ofSeconds(30));
        assertThat(memory.end()).succeedsWithin(Duration.ofSeconds(30));
        assertThat(FileMemory.open(path(), CONSUL).recalled()).containsOnlyKeys("api");
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("view-file")));
    }
}
