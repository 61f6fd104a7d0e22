package dev.pointsman.cli.doctor;

import dev.pointsman.agent.RegistrationFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What became of a connection to an instance on which one HEAD was sent, and then nothing.
 *
 * @param statusLine of the response, or of what came in its place; empty if nothing came
 * @param says the seconds of {@code Keep-Alive: timeout=N}; null where the response does not say
 * @param isClosing whether the response says that the connection ends with it
 * @param closedAfter how long it was idle when the instance closed it; null while it stood
 */
record IdleConnection(
        String statusLine,
        @Nullable Long says,
        boolean isClosing,
        @Nullable Duration closedAfter) {
    private static final int LONGEST_HEAD = 32 * 1024;
    private static final Pattern TIMEOUT = Pattern.compile("(?im)^keep-alive:.*?\\btimeout\\s*=\\s*\"?(\\d{1,9})");
    private static final Pattern CLOSE = Pattern.compile("(?im)^connection:.*\\bclose\\b");
    private static final Pattern KEPT = Pattern.compile("(?im)^connection:.*\\bkeep-alive\\b");

    /** What makes of a connection that stands the one that is spoken on: it itself, or TLS on it. */
    @FunctionalInterface
    interface Securing {
        Socket secured(Socket plain) throws IOException;
    }

    /**
     * Connects, sends a HEAD and watches.
     *
     * @param longest for the connection and for the response
     * @param watched for how long it is idle at the most
     * @param securing does a handshake, or nothing
     * @throws IOException if no connection stands
     */
    static IdleConnection watch(
            String host, int port, String path, Duration longest, Duration watched, Securing securing)
            throws IOException {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), (int) longest.toMillis());
            plain.setSoTimeout((int) longest.toMillis());
            Socket socket = securing.secured(plain);
            String request = "HEAD " + path + " HTTP/1.1\r\nHost: " + RegistrationFormat.authority(host, port)
                    + "\r\nUser-Agent: pointsman-doctor\r\nAccept: */*\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String head = head(socket.getInputStream());
            boolean isOld = head.startsWith("HTTP/1.0") && !KEPT.matcher(head).find();
            boolean isClosing = isOld || CLOSE.matcher(head).find();
            Matcher timeout = TIMEOUT.matcher(head);
            Long says = timeout.find() ? Long.valueOf(timeout.group(1)) : null;
            String line = head.lines().findFirst().orElse("");
            Duration closed = isClosing || !line.toUpperCase(Locale.ROOT).startsWith("HTTP/1.")
                    ? null
                    : closedAfter(socket, watched);
            return new IdleConnection(line, says, isClosing, closed);
        }
    }

    /** Whether what came is a response in HTTP/1. */
    boolean isHttp() {
        return statusLine.startsWith("HTTP/1.");
    }

    private static String head(InputStream in) {
        StringBuilder head = new StringBuilder();
        try {
            int c = in.read();
            while (c >= 0 && head.length() < LONGEST_HEAD) {
                head.append((char) c);
                if (c == '\n' && (head.indexOf("\r\n\r\n") >= 0 || head.indexOf("\n\n") >= 0)) {
                    break;
                }
                c = in.read();
            }
        } catch (IOException brokenOrSilent) {
            // What came until then is all that there is to say.
            return head.toString();
        }
        return head.toString();
    }

    private static @Nullable Duration closedAfter(Socket socket, Duration watched) throws IOException {
        long start = System.nanoTime();
        long end = start + watched.toNanos();
        InputStream in = socket.getInputStream();
        try {
            while (true) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return null;
                }
                socket.setSoTimeout((int) left);
                // Some send a body even to a HEAD: that is read past.
                if (in.read() < 0) {
                    return Duration.ofNanos(System.nanoTime() - start);
                }
            }
        } catch (SocketTimeoutException stillThere) {
            return null;
        } catch (IOException reset) {
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }
}
