package dev.pointsman.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a test has left behind since this was made: threads, and open ports. */
final class Leftovers {
    /**
     * Threads that a JVM has once for all, whatever was closed: Netty's, which ends a second after its last use, OkHttp's and Okio's,
     * which end after a minute; and those of this test, of JUnit's time limits and of the HTTP client that it asks with.
     */
    private static final Pattern NOT_OURS = Pattern.compile("globalEventExecutor-1-\\d+|OkHttp TaskRunner|Okio Watchdog"
            + "|junit-jupiter-timeout-watcher|awaitility.*|HttpClient-\\d+-.*");

    private final Set<Thread> before = Thread.getAllStackTraces().keySet();

    @WithEmbeddedRegistry
    @WithService(name = "api")
    static class WarmUpCase {
        @Test
        void starts() {}
    }

    /** Starts what is there once for the whole JVM and stays, so that it is nothing new later. */
    static void warmUp() {
        Engine.assertSucceeded(1, Engine.run(WarmUpCase.class));
    }

    /** No new thread is there, or will be soon, and none of these ports is open. */
    void assertNone(Set<Integer> ports) {
        assertThat(ports).allSatisfy(port -> assertThat(isOpen(port)).isFalse());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(newThreads()).isEmpty());
    }

    private Set<String> newThreads() {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && !NOT_OURS.matcher(thread.getName()).matches()) {
                names.add(thread.getName());
            }
        }
        return names;
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
