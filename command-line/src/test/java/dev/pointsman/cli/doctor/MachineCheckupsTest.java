package dev.pointsman.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineCheckupsTest {
    @TempDir
    private Path root = Path.of(".");

    private MachineFolders machine = MachineFolders.REAL;

    @BeforeEach
    void an_empty_machine() {
        machine = new MachineFolders(root.resolve("proc"), root.resolve("sys"));
    }

    private void has(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void limitOfDescriptors(String hard) throws IOException {
        has("proc/self/limits", """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             95999                95999                processes
                Max open files            1024                 %s                 files
                """.formatted(hard));
    }

    @Test
    void a_java_that_is_too_old_is_an_error_and_one_in_JAVA_HOME_a_warning() throws Exception {
        has("jdk/release", "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"1.8.0_392\"\n");
        Map<String, String> environment =
                Map.of("JAVA_HOME", root.resolve("jdk").toString());

        assertThat(Lines.of(new JavaCheckup(machine, environment, 11)))
                .contains("error java-version: Java 11", "warning java-version: names Java 8");
        assertThat(Lines.of(new JavaCheckup(machine, Map.of(), 21))).contains("ok java-version: Java 21");
    }

    @Test
    void a_heap_that_does_not_fit_into_the_container_is_a_warning() throws Exception {
        has("proc/meminfo", "MemTotal:       16384000 kB\n");
        has("sys/fs/cgroup/memory.max", "314572800\n");

        assertThat(Lines.of(new JavaCheckup(machine, Map.of(), 17)))
                .contains("warning java-memory: 300 MB for a heap of up to 256 MB");
        assertThat(Lines.of(new JavaCheckup(machine, Map.of("POINTSMAN_JAVA_OPTS", "-Xmx1g -Xmx128m"), 17)))
                .contains("ok java-memory: 300 MB for a heap of up to 128 MB");
    }

    @Test
    void without_a_limit_of_the_container_the_machine_counts() throws Exception {
        has("proc/meminfo", "MemTotal:       16384000 kB\n");
        has("sys/fs/cgroup/memory.max", "max\n");

        assertThat(Lines.of(new JavaCheckup(machine, Map.of(), 17)))
                .contains("ok java-memory: 16000 MB for a heap of up to 256 MB");
    }

    @Test
    void too_few_descriptors_for_the_clients_are_a_warning_that_says_how_many_it_takes() throws Exception {
        limitOfDescriptors("4096");

        Finding found = new DescriptorsCheckup(machine, 8192, 2).findings().get(0);

        assertThat(found.level()).isEqualTo(Finding.FindingLevel.WARNING);
        assertThat(found.what()).startsWith("4096, enough for ").endsWith(" connections of clients of 8192");
        assertThat(found.todo()).containsPattern("LimitNOFILE=1\\d{4} ");
        limitOfDescriptors("unlimited");
        assertThat(Lines.of(new DescriptorsCheckup(machine, 8192, 2)))
                .containsExactly("ok descriptors: unlimited, enough for 8192 connections of clients");
    }

    @Test
    void what_is_not_known_is_a_note() throws Exception {
        assertThat(Lines.of(new DescriptorsCheckup(machine, 8192, 2)))
                .containsExactly("note descriptors: the limit of file descriptors is not known here");
        assertThat(new ListenQueueCheckup(machine).findings()).isEmpty();
        assertThat(new LocalPortsCheckup(machine, 1, Map.of()).findings()).isEmpty();
    }

    @Test
    void a_short_queue_of_connections_is_a_warning() throws Exception {
        has("proc/sys/net/core/somaxconn", "128\n");
        assertThat(Lines.of(new ListenQueueCheckup(machine)))
                .containsExactly("warning listen-queue: 128 connections may wait to be accepted");
        has("proc/sys/net/core/somaxconn", "4096\n");
        assertThat(Lines.of(new ListenQueueCheckup(machine))).containsExactly("ok listen-queue: 4096");
    }

    @Test
    void fewer_local_ports_than_connections_are_a_warning() throws Exception {
        has("proc/sys/net/ipv4/ip_local_port_range", "60000\t61000\n");

        assertThat(Lines.of(new LocalPortsCheckup(machine, 8192, Map.of("port", 8080))))
                .containsExactly(
                        "warning local-ports: 1001 ports for outgoing connections (60000 to 61000) and up to 8192"
                                + " connections to one instance");
    }

    @Test
    void a_port_to_listen_on_among_those_of_outgoing_connections_is_a_warning_unless_it_is_reserved() throws Exception {
        has("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
        LocalPortsCheckup checkup = new LocalPortsCheckup(machine, 8192, Map.of("port", 40_000, "admin", 9901));

        assertThat(Lines.of(checkup))
                .contains(
                        "warning local-ports: lies among the ports that outgoing connections are given (32768 to 60999)");
        has("proc/sys/net/ipv4/ip_local_reserved_ports", "39000-40100,50000\n");
        assertThat(Lines.of(checkup)).hasSize(1).allMatch(line -> line.startsWith("ok "));
    }

    @Test
    void a_folder_for_temporary_files_that_is_mounted_noexec_is_a_warning() throws Exception {
        Path temporary = Files.createDirectories(root.resolve("tmp"));
        has("proc/self/mounts", "none / ext4 rw 0 0\nnone " + temporary + " tmpfs rw,nosuid,noexec 0 0\n");

        assertThat(Lines.of(new TempFolderCheckup(machine, temporary)))
                .containsExactly("warning temp-folder: is mounted noexec");
        has("proc/self/mounts", "none / ext4 rw,noexec 0 0\nnone " + temporary + " tmpfs rw 0 0\n");
        assertThat(Lines.of(new TempFolderCheckup(machine, temporary)))
                .containsExactly("ok temp-folder: lets libraries be loaded");
    }

    @Test
    void the_library_is_unpacked_where_jna_does_it_and_nowhere_where_it_is_installed() throws Exception {
        Path cache = root.resolve("cache/JNA/temp");
        Properties java = new Properties();
        java.put("java.io.tmpdir", root.resolve("tmp").toString());
        java.put("user.home", root.resolve("home").toString());
        Map<String, String> environment =
                Map.of("XDG_CACHE_HOME", root.resolve("cache").toString());

        assertThat(TempFolderCheckup.unpackedIn(java, environment)).isEqualTo(cache);
        assertThat(TempFolderCheckup.unpackedIn(java, Map.of())).isEqualTo(root.resolve("home/.cache/JNA/temp"));
        java.put("jna.tmpdir", "/mine");
        assertThat(TempFolderCheckup.unpackedIn(java, environment)).isEqualTo(Path.of("/mine"));
        java.put("jna.boot.library.path", root.toString());
        assertThat(TempFolderCheckup.unpackedIn(java, environment)).isEqualTo(Path.of("/mine"));
        Files.createFile(root.resolve("libjnidispatch.so"));
        assertThat(TempFolderCheckup.unpackedIn(java, environment)).isNull();
    }

    @Test
    void a_folder_that_is_made_when_it_is_needed_counts_as_the_one_that_it_will_be_in() throws Exception {
        has("proc/self/mounts", "none / ext4 rw 0 0\nnone " + root + " tmpfs rw,noexec 0 0\n");

        assertThat(Lines.of(new TempFolderCheckup(machine, root.resolve("cache/JNA/temp"))))
                .containsExactly("warning temp-folder: is mounted noexec");
        assertThat(Lines.of(new TempFolderCheckup(machine, null)))
                .containsExactly("ok temp-folder: is installed, and need not be unpacked");
    }

    @Test
    void where_the_users_cache_cannot_be_made_it_is_the_folder_for_temporary_files() throws Exception {
        Properties java = new Properties();
        java.put("java.io.tmpdir", root.toString());
        java.put("user.home", Files.createFile(root.resolve("no-folder")).toString());

        assertThat(TempFolderCheckup.unpackedIn(java, Map.of())).isEqualTo(root);
    }
}
