package dev.pointsman.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogicalPathsTest {
    private static final Path HERE = Path.of("").toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void the_working_folder_has_the_name_that_the_shell_gave_it() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("current"), HERE);

        assertThat(LogicalPaths.workingFolder(Map.of("PWD", link.toString()))).isEqualTo(link);
        assertThat(LogicalPaths.workingFolder(Map.of("PWD", HERE.toString()))).isEqualTo(HERE);
    }

    @Test
    void a_name_of_another_folder_or_of_none_does_not_count() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("current"), HERE);

        for (String stale : new String[] {
            folder.toString(), folder.resolve("gone").toString(), "", ".", link + "/.", folder + "/../current", "\0"
        }) {
            assertThat(LogicalPaths.workingFolder(Map.of("PWD", stale)))
                    .as(stale)
                    .isEqualTo(HERE);
        }
        assertThat(LogicalPaths.workingFolder(Map.of())).isEqualTo(HERE);
    }

    @Test
    void links_stay_in_a_path_and_steps_up_are_those_of_the_operating_system() throws IOException {
        Path first = Files.createDirectories(folder.resolve("releases/1"));
        Path current = Files.createSymbolicLink(folder.resolve("current"), first);

        assertThat(resolve(current, "")).isEqualTo(current);
        assertThat(resolve(current, "./app/../x.yaml")).isEqualTo(current.resolve("x.yaml"));
        assertThat(resolve(folder, "current/services.yaml")).isEqualTo(current.resolve("services.yaml"));
        Files.createDirectory(folder.resolve("releases/x"));
        assertThat(resolve(current, "../x")).isEqualTo(current.resolve("../x")).isDirectory();
        assertThat(resolve(folder, "a/./b/../../c")).isEqualTo(folder.resolve("c"));
        assertThat(resolve(Path.of("/"), "../..")).isEqualTo(Path.of("/"));
        assertThat(resolve(current, "/etc/x")).isEqualTo(Path.of("/etc/x"));
    }

    private static Path resolve(Path folder, String path) {
        return LogicalPaths.resolve(folder, Path.of(path));
    }
}
