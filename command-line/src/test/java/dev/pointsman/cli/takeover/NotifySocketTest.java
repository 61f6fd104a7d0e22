package dev.pointsman.cli.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What systemd hears. */
class NotifySocketTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void each_message_is_a_datagram_of_lines(boolean isAbstract, @TempDir Path folder) throws Exception {
        String path = isAbstract
                ? "@pointsman-test-" + System.nanoTime()
                : folder.resolve("notify").toString();
        LinuxCalls calls = LinuxCalls.load();
        int systemd = calls.socket(LinuxCalls.AF_UNIX, LinuxCalls.SOCK_DGRAM | LinuxCalls.SOCK_CLOEXEC, 0);
        try (Memory address = LinuxCalls.unixAddress(path);
                Memory bytes = new Memory(1000);
                Memory control = new Memory(100);
                MessageHead head = new MessageHead(bytes, 0, 1000, control, 100)) {
            int bound = calls.bind(systemd, address, (int) address.size());
            assertThat(bound).isZero();

            NotifySocket.from(Map.of("NOTIFY_SOCKET", path)).send("MAINPID=1", "READY=1");

            long length = calls.recvmsg(systemd, head.memory(), 0);
            assertThat(new String(bytes.getByteArray(0, (int) length), StandardCharsets.UTF_8))
                    .isEqualTo("MAINPID=1\nREADY=1");
        } finally {
            calls.close(systemd);
        }
    }

    @Test
    void without_systemd_no_sign_of_life_is_due() {
        assertThat(NotifySocket.from(Map.of("WATCHDOG_USEC", "1000")).watchdogMicros())
                .isZero();
    }

    @Test
    void the_time_of_the_watchdog_is_systemds() {
        NotifySocket systemd =
                NotifySocket.from(Map.of("NOTIFY_SOCKET", "/run/systemd/notify", "WATCHDOG_USEC", "30000000"));

        assertThat(systemd.watchdogMicros()).isEqualTo(30_000_000);
    }
}
