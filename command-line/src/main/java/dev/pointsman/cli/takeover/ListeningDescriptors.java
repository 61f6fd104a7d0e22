package dev.pointsman.cli.takeover;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The numbers of this process's listening sockets, which Java does not tell. Linux does: {@code /proc/self/net/tcp} has each
 * socket's inode by port, and {@code /proc/self/fd} each descriptor's.
 */
final class ListeningDescriptors {
    private static final String LISTENING = "0A";
    private static final List<String> TABLES = List.of("net/tcp", "net/tcp6");
    private static final Path OWN = Path.of("/proc/self");

    private ListeningDescriptors() {}

    /** The descriptor of the socket that this process listens on a port with. */
    static int of(int port) throws IOException {
        Set<String> sockets = new HashSet<>();
        for (String table : TABLES) {
            Path file = OWN.resolve(table);
            if (Files.exists(file)) {
                Files.readAllLines(file).forEach(line -> addIfListening(line, port, sockets));
            }
        }
        try (Stream<Path> descriptors = Files.list(OWN.resolve("fd"))) {
            return descriptors
                    .filter(descriptor -> isOneOf(descriptor, sockets))
                    .map(descriptor -> Integer.valueOf(String.valueOf(descriptor.getFileName())))
                    .findFirst()
                    .orElseThrow(() -> new IOException("this process does not listen on port " + port));
        }
    }

    /** The port that a descriptor's socket listens on. */
    static int port(int descriptor) throws IOException {
        String socket = Files.readSymbolicLink(OWN.resolve("fd/" + descriptor)).toString();
        for (String table : TABLES) {
            Path file = OWN.resolve(table);
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    String[] words = words(line);
                    if (words.length > 9 && words[3].equals(LISTENING) && socket.equals("socket:[" + words[9] + "]")) {
                        return Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1), 16);
                    }
                }
            }
        }
        throw new IOException("descriptor " + descriptor + " is no TCP socket that is listened on");
    }

    private static String[] words(String line) {
        return line.strip().split("\\s+", -1);
    }

    private static void addIfListening(String line, int port, Set<String> sockets) {
        String[] words = words(line);
        String hexadecimal = String.format(Locale.ROOT, ":%04X", port);
        if (words.length > 9 && words[1].endsWith(hexadecimal) && words[3].equals(LISTENING)) {
            sockets.add("socket:[" + words[9] + "]");
        }
    }

    private static boolean isOneOf(Path descriptor, Set<String> sockets) {
        try {
            return sockets.contains(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    /**
     * Makes a channel of a listening socket's descriptor, which is closed then. Java makes channels of sockets that it opens itself
     * alone; so it opens one, and the kernel puts the other socket in its place.
     */
    static ServerSocketChannel adopt(int descriptor) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int own = of(((InetSocketAddress) channel.getLocalAddress()).getPort());
            LinuxCalls.load().dup3(descriptor, own, LinuxCalls.O_CLOEXEC);
            return channel;
        } catch (IOException | LastErrorException failed) {
            channel.close();
            throw new IOException("a listening socket cannot be taken over: " + failed.getMessage(), failed);
        } finally {
            LinuxCalls.load().close(descriptor);
        }
    }
}
