package dev.pointsman.launcher.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private final List<Path> changes = new CopyOnWriteArrayList<>();
    private @Nullable FolderWatch watch;

    @AfterEach
    void close() throws IOException {
        if (watch != null) {
            watch.close();
        }
    }

    @Test
    void a_file_that_changes_is_noticed_also_deep_below() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("a/b"));
        start("*.tmp");

        Files.writeString(deep.resolve("app.js"), "1");

        awaitChange(deep.resolve("app.js"));
    }

    @Test
    void a_file_that_goes_is_noticed() throws IOException {
        Path file = Files.writeString(folder.resolve("app.js"), "1");
        start();

        Files.delete(file);

        awaitChange(file);
    }

    @Test
    void folders_that_are_made_later_are_followed_too() throws IOException {
        start();
        Path made = Files.createDirectories(folder.resolve("new/deeper"));
        Files.writeString(made.resolve("one.js"), "1");
        awaitChange(made.resolve("one.js"));
        changes.clear();

        Files.writeString(made.resolve("two.js"), "1");

        awaitChange(made.resolve("two.js"));
    }

    @Test
    void what_is_ignored_is_passed_over() throws IOException {
        Files.createDirectory(folder.resolve("node_modules"));
        start("*.tmp");
        Files.writeString(folder.resolve("a.tmp"), "1");
        Files.writeString(folder.resolve("node_modules/x.js"), "1");

        Files.writeString(folder.resolve("app.js"), "1");

        await().until(() -> !changes.isEmpty());
        assertThat(changes.get(0)).as("the first that counted").isEqualTo(folder.resolve("app.js"));
    }

    @Test
    void a_link_that_is_moved_is_a_change_and_its_new_folder_is_followed() throws IOException {
        Path first = Files.createDirectories(folder.resolve("releases/1/lib"));
        Path second = Files.createDirectories(folder.resolve("releases/2/lib"));
        Path current = Files.createSymbolicLink(folder.resolve("current"), first.getParent());
        folder = current;
        start();
        Files.writeString(first.resolve("app.js"), "1");
        awaitChange(current.resolve("lib/app.js"));

        Path next = Files.createSymbolicLink(current.resolveSibling("next"), second.getParent());
        Files.move(next, current, StandardCopyOption.ATOMIC_MOVE);
        awaitChange(current);
        Files.writeString(second.resolve("app.js"), "2");
        await().untilAsserted(() -> assertThat(changes).endsWith(current, current.resolve("lib/app.js")));
    }

    @Test
    void a_folder_that_is_made_anew_is_followed() throws IOException {
        Path built = Files.createDirectory(folder.resolve("dist"));
        folder = built;
        start();
        Files.delete(built);

        Files.createDirectory(built);
        awaitChange(built);
        Files.writeString(built.resolve("app.js"), "2");

        awaitChange(built.resolve("app.js"));
    }

    @Test
    void a_folder_that_is_not_there_cannot_be_watched() {
        folder = folder.resolve("none");

        assertThatThrownBy(this::start).isInstanceOf(IOException.class);
    }

    private void start(String... ignore) throws IOException {
        watch = FolderWatch.start(
                List.of(folder), List.of(ignore), Duration.ofMillis(20), System::nanoTime, changes::add);
    }

    private void awaitChange(Path path) {
        await().untilAsserted(() -> assertThat(changes).contains(path));
    }
}
