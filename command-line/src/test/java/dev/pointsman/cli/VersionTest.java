package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
    @Test
    void it_names_the_version_the_revision_the_java_and_the_system() {
        Properties system = new Properties();
        system.setProperty("java.version", "17.0.15");
        system.setProperty("java.vendor", "Debian");
        system.setProperty("java.vm.name", "OpenJDK 64-Bit Server VM");
        system.setProperty("java.vm.version", "17.0.15+6-Debian-1deb12u1");
        system.setProperty("os.name", "Linux");
        system.setProperty("os.version", "6.1.0");
        system.setProperty("os.arch", "amd64");

        assertThat(Version.lines("1.2.3", "2ee1fb26-dirty", system))
                .containsExactly(
                        "pointsman 1.2.3, revision 2ee1fb26-dirty",
                        "Java 17.0.15 (Debian, OpenJDK 64-Bit Server VM 17.0.15+6-Debian-1deb12u1)",
                        "Linux 6.1.0, amd64");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "unknown")
    void a_jar_that_was_built_without_git_says_that_its_revision_is_unknown(@Nullable String revision) {
        assertThat(Version.lines("1.2.3", revision, System.getProperties())[0])
                .isEqualTo("pointsman 1.2.3, unknown revision");
    }
}
