package dev.pointsman.cli.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.testkit.FreePorts;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages between two processes, and the sockets that come with them; both ends are in this process here. */
class DescriptorSocketTest {
    private Path folder;
    private DescriptorListener listener;
    private DescriptorSocket one;
    private DescriptorSocket other;

    @BeforeEach
    void connected(@TempDir Path temp) throws IOException {
        folder = temp;
        Path path = folder.resolve("a.sock");
        listener = DescriptorListener.listen(path);
        CompletableFuture<DescriptorSocket> accepted = CompletableFuture.supplyAsync(() -> {
            try {
                return listener.accept();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        one = DescriptorSocket.connect(path);
        other = accepted.join();
    }

    @AfterEach
    void closed() throws IOException {
        one.close();
        other.close();
        listener.close();
    }

    @Test
    void a_text_of_any_length_arrives_as_it_was_sent() throws IOException {
        String text = "grüße ".repeat(200_000);
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
            try {
                one.send("", List.of());
                one.send(text, List.of());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThat(other.receive().text()).isEmpty();
        assertThat(other.receive().text()).isEqualTo(text);
        sent.join();
    }

    @Test
    void clients_that_wait_in_the_queue_of_a_socket_are_accepted_by_who_adopts_it() throws IOException {
        ServerSocketChannel mine = ServerSocketChannel.open();
        mine.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        int port = ((InetSocketAddress) mine.getLocalAddress()).getPort();
        one.send("here", List.of(ListeningDescriptors.of((InetSocketAddress) mine.getLocalAddress())));
        try (Socket waiting = new Socket(InetAddress.getLoopbackAddress(), port)) {
            mine.close();

            List<Integer> received = other.receive().descriptors();

            assertThat(received).hasSize(1);
            assertThat(ListeningDescriptors.port(received.get(0))).isEqualTo(port);
            try (ServerSocketChannel adopted = ListeningDescriptors.adopt(received.get(0));
                    SocketChannel accepted = adopted.accept()) {
                assertThat(accepted.socket().getPort()).isEqualTo(waiting.getLocalPort());
            }
        }
    }

    /** The admin port may be that for clients, at another address. */
    @Test
    void of_one_port_at_two_addresses_each_has_its_own() throws IOException {
        try (ServerSocketChannel first = ServerSocketChannel.open();
                ServerSocketChannel second = ServerSocketChannel.open()) {
            int port = FreePorts.take();
            first.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            second.bind(new InetSocketAddress("127.0.0.2", port));

            for (String host : List.of("127.0.0.1", "127.0.0.2")) {
                int descriptor = ListeningDescriptors.of(new InetSocketAddress(host, port));
                assertThat(SocketName.of(descriptor).address()).hasValue(InetAddress.getByName(host));
            }
            assertThatThrownBy(() -> ListeningDescriptors.of(new InetSocketAddress("127.0.0.3", port)))
                    .hasMessage("this process does not listen on port " + port + " of 127.0.0.3");
        }
    }

    @Test
    void the_end_of_the_other_side_is_noticed() {
        one.close();

        assertThatThrownBy(other::receive).isInstanceOf(EOFException.class);
    }

    @Test
    void what_is_no_listening_socket_is_told_by_a_sentence() throws IOException {
        try (ServerSocketChannel unbound = ServerSocketChannel.open()) {
            assertThat(unbound.isOpen()).isTrue();
            assertThatThrownBy(
                            () -> ListeningDescriptors.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)))
                    .hasMessage("this process does not listen on port 1");
        }
        assertThatThrownBy(() -> DescriptorSocket.connect(folder.resolve("none.sock")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.sock cannot be connected to: ");
    }
}
