package dev.pointsman.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.launcher.process.LauncherFile.InstanceEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherFileTest {
    private static final List<InstanceEntry> TWO =
            List.of(new InstanceEntry("api-1", 4711), new InstanceEntry("api-2", 0));

    private final Path folder;

    LauncherFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void what_a_launcher_wrote_is_found_once_it_lets_go() throws IOException {
        LauncherFile file = LauncherFile.create(folder, "one");
        file.write(TWO);
        assertThat(LauncherFile.ofTheDead(folder)).isEmpty();
        file.close();
        List<LauncherFile> dead = LauncherFile.ofTheDead(folder);
        assertThat(dead).hasSize(1);
        assertThat(dead.get(0).name()).isEqualTo("one");
        assertThat(dead.get(0).read()).isEqualTo(TWO);
    }

    @Test
    void what_comes_too_late_to_be_written_leaves_nothing_behind() throws IOException {
        LauncherFile file = LauncherFile.create(folder, "one");
        file.delete();
        file.write(TWO);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void it_is_found_by_one_finder_only() throws IOException {
        LauncherFile.create(folder, "one").close();
        List<LauncherFile> first = LauncherFile.ofTheDead(folder);
        assertThat(first).hasSize(1);
        assertThat(LauncherFile.ofTheDead(folder)).isEmpty();
    }

    @Test
    void a_file_that_is_broken_tells_nothing_and_is_no_failure() throws IOException {
        LauncherFile.create(folder, "one").close();
        Files.writeString(folder.resolve("launcher-one.json"), "{\"instances\": [{");
        assertThat(LauncherFile.ofTheDead(folder).get(0).read()).isEmpty();
    }

    @Test
    void once_deleted_nothing_is_left() throws IOException {
        LauncherFile file = LauncherFile.create(folder, "one");
        file.write(TWO);
        file.delete();
        assertThat(folder).isEmptyDirectory();
        assertThat(LauncherFile.ofTheDead(folder)).isEmpty();
    }

    @Test
    void a_name_is_taken_once() throws IOException {
        LauncherFile one = LauncherFile.create(folder, "one");
        assertThatThrownBy(() -> LauncherFile.create(folder, "one")).hasMessageContaining("in use");
        one.delete();
    }

    @Test
    void where_there_is_no_folder_no_launcher_has_died() throws IOException {
        assertThat(LauncherFile.ofTheDead(folder.resolve("nowhere"))).isEmpty();
    }
}
