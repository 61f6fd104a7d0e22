package dev.pointsman.cli.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.LastErrorException;
import dev.pointsman.balancer.Balancer;
import dev.pointsman.balancer.StartException;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.balancer.config.ListenAddress;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a takeover makes of calls to the operating system that fail. */
class TakeoverServerTest {
    private static final int EMFILE = 24;
    private static final ListenAddress ANYWHERE = new ListenAddress("127.0.0.1", 0);

    /** Those of the system, but for accept4(2), which fails at first, as where the process has no descriptor left. */
    private static LinuxCalls acceptingAtLast(AtomicInteger failures) {
        return (LinuxCalls) Proxy.newProxyInstance(
                LinuxCalls.class.getClassLoader(), new Class<?>[] {LinuxCalls.class}, (unusedProxy, method, words) -> {
                    if (method.getName().equals("accept4") && failures.getAndDecrement() > 0) {
                        throw new LastErrorException(EMFILE);
                    }
                    try {
                        return method.invoke(LinuxCalls.load(), words);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    @Test
    void a_balancer_that_was_short_of_descriptors_for_a_moment_can_still_be_taken_over_from(@TempDir Path folder)
            throws Exception {
        Path path = folder.resolve("b.sock");
        Balancer balancer = Balancer.create(ConfigReader.read(List.of(), Map.of()));
        DescriptorListener listener = DescriptorListener.listen(path, acceptingAtLast(new AtomicInteger(1)));
        TakeoverServer server = TakeoverServer.start(listener, balancer, "127.0.0.1", () -> {});
        try (DescriptorSocket asking = DescriptorSocket.connect(path)) {
            asking.timeout(Duration.ofSeconds(10));
            asking.send("no JSON", List.of());

            assertThatThrownBy(asking::receive).isInstanceOf(EOFException.class);
        } finally {
            server.close();
            balancer.stop().await();
        }
    }

    @Test
    void a_socket_is_closed_once_so_that_no_other_descriptor_is(@TempDir Path folder) throws IOException {
        AtomicInteger closes = new AtomicInteger();
        LinuxCalls counting = (LinuxCalls) Proxy.newProxyInstance(
                LinuxCalls.class.getClassLoader(), new Class<?>[] {LinuxCalls.class}, (unusedProxy, method, words) -> {
                    closes.addAndGet(method.getName().equals("close") ? 1 : 0);
                    return method.invoke(LinuxCalls.load(), words);
                });
        DescriptorListener listener = DescriptorListener.listen(folder.resolve("b.sock"), counting);

        listener.close(true);
        listener.close();

        assertThat(closes).hasValue(1);
        assertThat(folder.resolve("b.sock")).exists();
    }

    @Test
    void a_socket_that_a_dead_process_has_left_is_nobodys(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("b.sock");
        DescriptorListener.listen(path).close(true);

        assertThat(Takeover.begin(path, List.of(ANYWHERE), ANYWHERE)).isNull();
    }

    @Test
    void a_socket_that_cannot_be_connected_to_is_said_and_not_taken_for_nobodys(@TempDir Path folder)
            throws IOException {
        // Longer than a name of a Unix socket may be.
        Path path = Files.createFile(folder.resolve("b".repeat(150)));

        assertThatThrownBy(() -> Takeover.begin(path, List.of(ANYWHERE), ANYWHERE))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("--takeover: " + path + " cannot be connected to: ");
    }
}
