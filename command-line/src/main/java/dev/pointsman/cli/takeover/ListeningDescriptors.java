package dev.pointsman.cli.takeover;

import com.sun.jna.LastErrorException;
import dev.pointsman.launcher.process.ListeningSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The numbers of this process's listening sockets, which Java does not tell, but Linux. */
final class ListeningDescriptors {
    private static final Path PROC = Path.of("/proc");
    private static final Path OWN = PROC.resolve("self/fd");

    private ListeningDescriptors() {}

    /** The descriptor of the socket that this process listens on an address with. */
    static int of(InetSocketAddress address) throws IOException {
        Map<String, Integer> listening = ListeningSockets.in(PROC).listening();
        List<Integer> ofPort;
        try (Stream<Path> descriptors = Files.list(OWN)) {
            ofPort = descriptors
                    .filter(descriptor -> Integer.valueOf(address.getPort()).equals(listening.get(target(descriptor))))
                    .map(descriptor -> Integer.valueOf(String.valueOf(descriptor.getFileName())))
                    .toList();
        }
        if (ofPort.size() == 1) {
            return ofPort.get(0);
        }
        // One port at two addresses: one for clients, the other for the admin API.
        return ofPort.stream()
                .filter(descriptor -> SocketName.of(descriptor).isOf(address.getAddress()))
                .findFirst()
                .orElseThrow(() -> new IOException("this process does not listen on port " + address.getPort()
                        + (ofPort.isEmpty() ? "" : " of " + address.getHostString())));
    }

    /** The port that a descriptor's socket listens on. */
    static int port(int descriptor) throws IOException {
        Integer port = ListeningSockets.in(PROC).listening().get(target(OWN.resolve(Integer.toString(descriptor))));
        if (port == null) {
            throw new IOException("descriptor " + descriptor + " is no TCP socket that is listened on");
        }
        return port;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
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
            int own = of((InetSocketAddress) channel.getLocalAddress());
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
