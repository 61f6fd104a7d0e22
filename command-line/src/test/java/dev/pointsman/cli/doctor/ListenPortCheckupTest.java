package dev.pointsman.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.launcher.process.ListeningSockets;
import dev.pointsman.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenPortCheckupTest {
    @TempDir
    private Path proc = Path.of(".");

    private MachineFolders machine = MachineFolders.REAL;
    private Function<InetSocketAddress, @Nullable String> binding = ListenPortCheckup::failure;
    private boolean hasBalancer;

    @BeforeEach
    void a_machine() {
        machine = new MachineFolders(proc, proc);
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private ListenPortCheckup checkup(InetSocketAddress port) {
        Map<String, InetSocketAddress> wanted = new LinkedHashMap<>();
        wanted.put("port", port);
        ListeningSockets sockets = ListeningSockets.in(proc);
        return new ListenPortCheckup(
                machine, wanted, binding, number -> sockets.holder(number, Set.of()), () -> hasBalancer);
    }

    private void has(String file, String text) throws IOException {
        Path path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    /** As proc(5) shows a process that listens. */
    private void listens(int port) throws IOException {
        has(
                "net/tcp",
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
                        + "   0: 0100007F:%04X 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1\n"
                                .formatted(port));
        has(
                "77/stat",
                "77 (nginx) S 1 77 77 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
        has("77/comm", "nginx\n");
        Files.createDirectories(proc.resolve("77/fd"));
        Files.createSymbolicLink(proc.resolve("77/fd/5"), Path.of("socket:[4711]"));
    }

    @Test
    void a_free_port_is_fine_and_is_free_afterwards() throws Exception {
        int free = FreePorts.take();
        InetSocketAddress address = local(free);

        assertThat(Lines.of(checkup(address))).containsExactly("ok listen-port: is free");
        assertThat(Lines.of(checkup(address))).containsExactly("ok listen-port: is free");
        assertThat(Lines.of(checkup(local(0)))).containsExactly("ok listen-port: any free port will do");
    }

    @Test
    void of_a_taken_port_it_is_said_by_whom() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = local(taken.getLocalPort());
            listens(taken.getLocalPort());

            assertThat(Lines.of(checkup(address))).containsExactly("error listen-port: taken by nginx (process 77)");

            hasBalancer = true;
            assertThat(Lines.of(checkup(address)))
                    .containsExactly("ok listen-port: taken by nginx (process 77); a balancer answers at this"
                            + " configuration's admin API");
        }
    }

    @Test
    void a_port_of_another_users_process_is_taken_all_the_same() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Lines.of(checkup(local(taken.getLocalPort()))))
                    .containsExactly("error listen-port: taken by a process that this user may not look into");
        }
    }

    @Test
    void a_privileged_port_needs_the_capability() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Every port below this one is privileged here, and it cannot be had.
            has("sys/net/ipv4/ip_unprivileged_port_start", "65536\n");
            InetSocketAddress address = local(taken.getLocalPort());

            assertThat(Lines.of(checkup(address)))
                    .containsExactly("error listen-port: is a privileged port, and this user may not listen on it");
            has("self/status", "Name:\tjava\nCapEff:\t0000000000000400\n");
            assertThat(Lines.of(checkup(address))).noneMatch(line -> line.contains("privileged"));
        }
    }

    @Test
    void a_port_that_the_kernel_denies_is_privileged() throws Exception {
        binding = unusedAddress -> "Permission denied";

        assertThat(Lines.of(checkup(local(80))))
                .containsExactly("error listen-port: is a privileged port, and this user may not listen on it");
    }

    @Test
    void an_address_of_another_machine_cannot_be_had() throws Exception {
        // RFC 5737: of nobody.
        has("net/tcp", "  sl\n   0: 0100007F:0001 00000000:0000 0A 0 00:0 0 0 0 1 1 1\n");
        assertThat(Lines.of(checkup(
                        new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}), 20_123))))
                .hasSize(1)
                .allMatch(line -> line.startsWith("error listen-port: cannot be had: "));
    }
}
