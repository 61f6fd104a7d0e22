package dev.pointsman.balancer.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.config.ConfigReading.ConfigPlaces;
import dev.pointsman.balancer.config.IncludePattern;
import dev.pointsman.balancer.config.NamedFile;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigWatcherTest {
    private static final Duration QUIET = Duration.ofMillis(30);

    /** No look without a word from the system, so that it is the folders' watch that is tested. */
    private static final Duration NEVER = Duration.ofHours(1);

    @TempDir
    private Path temporary = Path.of(".");

    private Path folder = Path.of(".");
    private Path file = Path.of(".");
    private final BlockingQueue<String> read = new LinkedBlockingQueue<>();
    private List<ConfigWatcher> watchers = List.of();

    /** The ways in which a file becomes another. */
    enum Way {
        IN_PLACE,
        BY_RENAME,
        DELETED_AND_MADE
    }

    @BeforeEach
    void a_file() throws IOException {
        folder = temporary.toRealPath();
        file = folder.resolve("p.yaml");
        Files.writeString(file, "one");
    }

    @AfterEach
    void end() {
        watchers.forEach(ConfigWatcher::close);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_file_that_becomes_another_is_noticed_each_time(Way way) throws Exception {
        watch(NEVER, List.of());

        replace(file, way, "two");
        assertThat(next()).isEqualTo("two");
        replace(file, way, "three");
        assertThat(next()).isEqualTo("three");
    }

    @Test
    void a_change_without_a_word_from_the_system_is_noticed_by_looking() throws Exception {
        // A folder that is exchanged as a whole tells nothing of the files in it.
        Path inside = Files.createDirectories(folder.resolve("etc")).resolve("p.yaml");
        Files.writeString(inside, "one");
        file = inside;
        watch(Duration.ofMillis(20), List.of());

        Path other = Files.createDirectories(folder.resolve("etc2"));
        Files.writeString(other.resolve("p.yaml"), "two");
        Files.move(folder.resolve("etc"), folder.resolve("old"));
        Files.move(other, folder.resolve("etc"));

        String seen = next();
        assertThat(seen.equals("gone") ? next() : seen).isEqualTo("two");
    }

    @Test
    void the_exchange_of_a_mounted_folder_is_noticed_as_kubernetes_does_it() throws Exception {
        Path mount = Files.createDirectories(folder.resolve("mount"));
        Path first = Files.createDirectories(mount.resolve("..2026_01"));
        Files.writeString(first.resolve("p.yaml"), "one");
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..2026_01"));
        file = Files.createSymbolicLink(mount.resolve("p.yaml"), Path.of("..data", "p.yaml"));
        watch(NEVER, List.of());

        for (String each : List.of("two", "three")) {
            Path next = Files.createDirectories(mount.resolve("..2026_" + each));
            Files.writeString(next.resolve("p.yaml"), each);
            Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), next.getFileName());
            Files.move(
                    link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            assertThat(next()).isEqualTo(each);
        }
    }

    @Test
    void a_link_far_up_the_way_that_leads_elsewhere_is_noticed() throws Exception {
        Path releases = Files.createDirectories(folder.resolve("releases"));
        for (String each : List.of("one", "two")) {
            Files.writeString(
                    Files.createDirectories(releases.resolve(each).resolve("etc"))
                            .resolve("p.yaml"),
                    each);
        }
        Path current = Files.createSymbolicLink(folder.resolve("current"), Path.of("releases", "one"));
        file = current.resolve("etc").resolve("p.yaml");
        watch(NEVER, List.of());

        Files.move(
                Files.createSymbolicLink(folder.resolve("next"), Path.of("releases", "two")),
                current,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(next()).isEqualTo("two");
    }

    @Test
    void a_file_that_appears_or_goes_is_noticed_where_a_pattern_includes_it() throws Exception {
        Path included = Files.createDirectories(folder.resolve("conf.d"));
        watch(NEVER, List.of(new IncludePattern(folder, "conf.d/*.yaml")));

        Files.writeString(included.resolve("b.yaml"), "x");
        assertThat(next()).isEqualTo("one");
        Files.delete(included.resolve("b.yaml"));
        assertThat(next()).isEqualTo("one");
    }

    @Test
    void a_folder_of_a_pattern_need_not_be_there_yet() throws Exception {
        watch(NEVER, List.of(new IncludePattern(folder, "conf.d/*.yaml")));

        Path later = Files.createDirectories(folder.resolve("conf.d"));
        Files.writeString(later.resolve("b.yaml"), "x");

        assertThat(next()).isEqualTo("one");
    }

    @Test
    void other_files_of_the_folder_are_no_change() throws Exception {
        watch(NEVER, List.of(new IncludePattern(folder, "*.yml")));

        Files.writeString(folder.resolve("other.txt"), "x");
        Files.writeString(folder.resolve(".p.yaml.swp"), "x");
        Files.writeString(file, "two");

        assertThat(next()).isEqualTo("two");
        assertThat(read.poll(3 * QUIET.toMillis(), TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void another_file_that_is_written_all_the_time_does_not_have_the_configuration_looked_at() throws Exception {
        Path log = Files.writeString(folder.resolve("access.log"), "");
        AtomicInteger looks = new AtomicInteger();
        watchers = List.of(ConfigWatcher.start(
                () -> {
                    looks.incrementAndGet();
                    return new ConfigPlaces(List.of(file), List.of(), false, "");
                },
                this::record,
                QUIET,
                NEVER,
                System::nanoTime));
        int before = looks.get();

        try (WatchService told = FileSystems.getDefault().newWatchService()) {
            WatchKey key = folder.register(told, StandardWatchEventKinds.ENTRY_MODIFY);
            for (int line = 0; line < 30; line++) {
                Files.writeString(log, "line\n", StandardOpenOption.APPEND);
                // The next one comes when the system has told of this one.
                assertThat(told.poll(10, TimeUnit.SECONDS)).isSameAs(key);
                key.pollEvents();
                key.reset();
            }
        }
        Files.writeString(file, "two");

        assertThat(next()).isEqualTo("two");
        assertThat(looks.get() - before).isLessThan(10);
    }

    @Test
    void a_file_that_a_setting_names_is_followed_as_the_one_that_names_it() throws Exception {
        Path named = Files.writeString(folder.resolve("ca.pem"), "one");
        watchers = List.of(ConfigWatcher.start(
                () -> new ConfigPlaces(
                        List.of(), List.of(), false, "", List.of(new NamedFile("upstream-ca", named, ""))),
                this::record,
                QUIET,
                NEVER,
                System::nanoTime));

        Files.writeString(named, "two");

        assertThat(next()).isEqualTo("one");
    }

    @Test
    void many_steps_of_one_change_are_read_as_one() throws Exception {
        AtomicLong clock = new AtomicLong();
        watchers = List.of(ConfigWatcher.start(
                () -> new ConfigPlaces(List.of(file), List.of(), false, ""), this::record, QUIET, NEVER, clock::get));

        for (int i = 0; i < 50; i++) {
            Files.writeString(file, "step " + i);
        }
        // As long as no time passes the files are not at rest, however long the system takes to tell of them.
        assertThat(read.poll(3 * QUIET.toMillis(), TimeUnit.MILLISECONDS)).isNull();
        await().until(() -> clock.addAndGet(QUIET.toNanos()) > 0 && !read.isEmpty());

        // What the system tells late has the file read once more, and nothing in between is seen.
        assertThat(read).allMatch("step 49"::equals);
    }

    @Test
    void a_callback_that_fails_does_not_end_the_watch() throws Exception {
        watchers = List.of(ConfigWatcher.start(
                () -> new ConfigPlaces(List.of(file), List.of(), false, ""),
                () -> {
                    record();
                    throw new IllegalStateException("on purpose");
                },
                QUIET,
                NEVER,
                System::nanoTime));

        Files.writeString(file, "two");
        assertThat(next()).isEqualTo("two");
        Files.writeString(file, "three");
        assertThat(next()).isEqualTo("three");
    }

    @Test
    void closing_leaves_no_thread_not_even_within_a_callback() throws Exception {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        BlockingQueue<String> never = new LinkedBlockingQueue<>();
        ConfigWatcher watcher = ConfigWatcher.start(
                () -> new ConfigPlaces(List.of(file), List.of(), false, ""),
                () -> {
                    threads.add(Thread.currentThread());
                    try {
                        never.take();
                    } catch (InterruptedException closing) {
                        Thread.currentThread().interrupt();
                    }
                },
                QUIET,
                NEVER,
                System::nanoTime);
        Files.writeString(file, "two");
        Thread thread = threads.poll(10, TimeUnit.SECONDS);

        watcher.close();

        assertThat(thread).isNotNull();
        assertThat(thread.isAlive()).isFalse();
    }

    private void watch(Duration look, List<IncludePattern> patterns) {
        watchers = List.of(ConfigWatcher.start(
                () -> new ConfigPlaces(List.of(file), patterns, false, ""),
                this::record,
                QUIET,
                look,
                System::nanoTime));
    }

    private void record() {
        try {
            read.add(Files.readString(file));
        } catch (IOException gone) {
            read.add("gone");
        }
    }

    private String next() throws InterruptedException {
        return String.valueOf(read.poll(10, TimeUnit.SECONDS));
    }

    private void replace(Path path, Way way, String text) throws IOException {
        switch (way) {
            case IN_PLACE -> Files.writeString(path, text);
            case BY_RENAME ->
                Files.move(
                        Files.writeString(path.resolveSibling("p.tmp"), text),
                        path,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            default -> {
                Files.delete(path);
                Files.writeString(path, text);
            }
        }
    }
}
