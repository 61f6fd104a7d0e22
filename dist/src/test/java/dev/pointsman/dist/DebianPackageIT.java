package dev.pointsman.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pointsman.dist.Installation.Ended;
import dev.pointsman.testkit.DockerImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** The Debian package: what is in it, and, where there is a Docker engine, how it is installed and removed. */
class DebianPackageIT {
    private static final String IMAGE = "eclipse-temurin:17-jre";

    /** A registry, a balancer and a service, by the user of the package; then a request. */
    private static final String TRY = """
            set -e
            cd /
            as() { setpriv --reuid=pointsman --regid=pointsman --clear-groups env HOME=/var/lib/pointsman "$@"; }
            as pointsman balancer --dev --port 8080 >/tmp/balancer.txt 2>&1 &
            as pointsman service webapp-service >/tmp/service.txt 2>&1 &
            for i in $(seq 600); do
                if said=$(curl -sf http://127.0.0.1:8080/); then echo "$said"; exit 0; fi
                sleep 0.1
            done
            cat /tmp/balancer.txt /tmp/service.txt
            exit 1
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void it_has_the_files_of_the_archive_where_debian_has_them() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg-deb")), "there is no dpkg-deb");
        String file = Installation.debianPackage().toString();
        Ended contents = Installation.run(folder, Map.of(), "dpkg-deb", "--contents", file);
        Ended unpacked = Installation.run(folder, Map.of(), "dpkg-deb", "--raw-extract", file, "unpacked");

        assertThat(unpacked.exitCode()).isZero();
        assertThat(contents.output())
                .contains(
                        " ./usr/bin/pointsman -> ../lib/pointsman/bin/pointsman",
                        " ./usr/lib/pointsman/lib/pointsman.jar",
                        " ./usr/lib/systemd/system/pointsman-service@.service",
                        " ./usr/share/man/man1/pointsman-run.1",
                        " ./usr/share/zsh/vendor-completions/_pointsman",
                        " ./usr/share/doc/pointsman/copyright",
                        " ./etc/pointsman/services/");
        assertThat(contents.output().lines()).allMatch(line -> line.contains(" root/root "));
        Path control = folder.resolve("unpacked/DEBIAN");
        assertThat(Files.readAllLines(control.resolve("conffiles")))
                .containsExactlyInAnyOrder("/etc/pointsman/balancer.yaml", "/etc/default/pointsman");
        assertThat(Files.readString(control.resolve("control"))).contains("java17-runtime-headless", "adduser");
        for (String script : new String[] {"postinst", "prerm", "postrm"}) {
            assertThat(Installation.run(
                            folder,
                            Map.of(),
                            "sh",
                            "-n",
                            control.resolve(script).toString()))
                    .as(script)
                    .isEqualTo(new Ended(0, ""));
        }
    }

    @Test
    void it_is_installed_runs_and_leaves_nothing_when_it_is_purged() throws Exception {
        try (GenericContainer<?> clean = container()) {
            // The image's Java need not be from a Debian package.
            ExecResult install = clean.execInContainer("dpkg", "--force-depends", "-i", "/tmp/pointsman.deb");
            assertThat(install.getExitCode()).as(install.toString()).isZero();
            assertThat(clean.execInContainer("id", "-un", "pointsman").getStdout())
                    .isEqualTo("pointsman\n");
            assertThat(clean.execInContainer("pointsman", "check", "/etc/pointsman/balancer.yaml")
                            .getExitCode())
                    .isZero();
            assertThat(clean.execInContainer("stat", "-c", "%U:%G %a", "/etc/pointsman/admin-token")
                            .getStdout())
                    .isEqualTo("root:pointsman 640\n");

            ExecResult tried = clean.execInContainer("bash", "-c", TRY);
            assertThat(tried.getStdout()).as(tried.toString()).startsWith("webapp-service response from ");

            clean.execInContainer("sh", "-c", "echo mine >/var/lib/pointsman/mine; dpkg --force-depends -r pointsman");
            assertThat(clean.execInContainer("ls", "/var/lib/pointsman/mine", "/etc/pointsman/balancer.yaml")
                            .getExitCode())
                    .as("data and settings stay when it is removed")
                    .isZero();
            clean.execInContainer("dpkg", "-P", "pointsman");
            assertThat(clean.execInContainer(
                                    "sh",
                                    "-c",
                                    "ls -d /var/lib/pointsman /var/log/pointsman /etc/pointsman /usr/lib/pointsman /usr/bin/pointsman 2>/dev/null")
                            .getStdout())
                    .isEmpty();
        }
    }

    @Test
    void the_archive_runs_in_a_clean_container() throws Exception {
        try (GenericContainer<?> clean = container()) {
            ExecResult unpacked = clean.execInContainer(
                    "sh",
                    "-c",
                    "mkdir /opt/pointsman && tar xzf /tmp/pointsman.tar.gz -C /opt/pointsman --strip-components=1"
                            + " && ln -s /opt/pointsman/bin/pointsman /usr/local/bin/pointsman"
                            + " && useradd --system --create-home --home-dir /var/lib/pointsman pointsman");
            assertThat(unpacked.getExitCode()).as(unpacked.toString()).isZero();

            ExecResult tried = clean.execInContainer("bash", "-c", TRY);

            assertThat(tried.getStdout()).as(tried.toString()).startsWith("webapp-service response from ");
        }
    }

    private static GenericContainer<?> container() throws Exception {
        Optional<String> lack = DockerImages.lack(IMAGE);
        assumeTrue(lack.isEmpty(), () -> lack.orElse(""));
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withCommand("sleep", "600")
                .withCopyFileToContainer(MountableFile.forHostPath(Installation.debianPackage()), "/tmp/pointsman.deb")
                .withCopyFileToContainer(MountableFile.forHostPath(Installation.archive()), "/tmp/pointsman.tar.gz");
        container.start();
        return container;
    }
}
