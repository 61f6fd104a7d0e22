package dev.pointsman.cli.takeover;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What systemd is told of a service of {@code Type=notify}, by the socket that it names in {@code NOTIFY_SOCKET}: see
 * sd_notify(3). Elsewhere nobody is told anything. Thread-safe.
 */
public final class NotifySocket {
    private static final Logger log = LoggerFactory.getLogger(NotifySocket.class);

    private final @Nullable String path;
    private final long watchdogMicros;

    private NotifySocket(@Nullable String path, long watchdogMicros) {
        this.path = path;
        this.watchdogMicros = watchdogMicros;
    }

    /** The socket that the environment names, if it does. */
    public static NotifySocket from(Map<String, String> environment) {
        String path = environment.getOrDefault("NOTIFY_SOCKET", "");
        String watchdog = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean isUsable = path.startsWith("/") || path.startsWith("@");
        return new NotifySocket(isUsable ? path : null, watchdog.matches("\\d{1,18}") ? Long.parseLong(watchdog) : 0);
    }

    /** Microseconds within which a sign of life is expected each time; 0: none is. */
    public long watchdogMicros() {
        return path == null ? 0 : watchdogMicros;
    }

    /** Sends assignments such as {@code READY=1}, one a line. What fails is logged: systemd notices by itself, after a while. */
    public void send(String... assignments) {
        if (path == null) {
            return;
        }
        int socket = -1;
        try {
            LinuxCalls calls = LinuxCalls.load();
            socket = calls.socket(LinuxCalls.AF_UNIX, LinuxCalls.SOCK_DGRAM | LinuxCalls.SOCK_CLOEXEC, 0);
            byte[] text = String.join("\n", assignments).getBytes(StandardCharsets.UTF_8);
            try (Memory address = LinuxCalls.unixAddress(path)) {
                long unused =
                        calls.sendto(socket, text, text.length, LinuxCalls.MSG_NOSIGNAL, address, (int) address.size());
            }
        } catch (LastErrorException | LinkageError failed) {
            log.warn("systemd is not told {} by {}: {}", String.join(" ", assignments), path, failed.getMessage());
        } finally {
            if (socket >= 0) {
                LinuxCalls.load().close(socket);
            }
        }
    }
}
