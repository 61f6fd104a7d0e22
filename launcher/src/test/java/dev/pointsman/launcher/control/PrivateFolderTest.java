package dev.pointsman.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path temp;

    private long uid;

    @BeforeEach
    void who() throws ControlException {
        uid = PrivateFolder.ownUid();
    }

    @Test
    void it_is_where_the_user_has_what_lives_as_long_as_a_login_else_in_tmp() {
        assertThat(PrivateFolder.of(Map.of("XDG_RUNTIME_DIR", temp.toString()), 7))
                .isEqualTo(temp.resolve("pointsman"));
        assertThat(PrivateFolder.of(Map.of(), 7)).isEqualTo(Path.of("/tmp/pointsman-7"));
        assertThat(PrivateFolder.of(Map.of("XDG_RUNTIME_DIR", "/nowhere/at/all"), 7))
                .isEqualTo(Path.of("/tmp/pointsman-7"));
    }

    @Test
    void it_is_made_closed_to_others_and_found_good_the_next_time() throws Exception {
        Path folder = temp.resolve("pointsman");

        PrivateFolder.open(folder, uid);
        PrivateFolder.open(folder, uid);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
    }

    @Test
    void one_of_another_user_is_refused() throws IOException {
        Path folder = made("rwx------");

        assertThatThrownBy(() -> PrivateFolder.open(folder, uid + 1))
                .isInstanceOf(ControlException.class)
                .hasMessage(
                        folder + " belongs to user " + uid + ", not to " + (uid + 1)
                                + " (expected: a folder of mode 0700 that is yours; remove it, or set XDG_RUNTIME_DIR to another)");
    }

    @Test
    void one_that_others_may_enter_is_refused() throws IOException {
        Path folder = made("rwxr-x---");

        assertThatThrownBy(() -> PrivateFolder.open(folder, uid)).hasMessageContaining("is open to others");
    }

    @Test
    void a_link_is_refused_even_to_a_good_folder() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), made("rwx------"));

        assertThatThrownBy(() -> PrivateFolder.open(link, uid)).hasMessageContaining("is not a folder");
    }

    private Path made(String mode) throws IOException {
        Path folder = Files.createDirectory(temp.resolve("folder"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
        return folder;
    }
}
