package dev.pointsman.system;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * A program that speaks a protocol of its own, on the port that its environment names: it greets with its process number and its
 * id, and does what the client's first line says.
 *
 * <pre>
 *   echo      sends back what comes, until that ends
 *   pour N    sends N bytes, and ends
 *   take      ends what it sends at once, reads to the end, and prints how much came and its checksum
 * </pre>
 */
final class TcpInstance {
    /** The length of what it greets with. */
    static final int GREETING = 64;

    private static final int CHUNK = 64 * 1024;

    private TcpInstance() {}

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(System.getenv("PORT"));
        byte[] greeting = greeting(ProcessHandle.current().pid(), System.getenv("POINTSMAN_ID"));
        try (ServerSocket server = new ServerSocket(port, 200, InetAddress.getLoopbackAddress())) {
            while (true) {
                Socket client = server.accept();
                new Thread(() -> serve(client, greeting)).start();
            }
        }
    }

    private static byte[] greeting(long pid, String id) {
        byte[] padded = new byte[GREETING];
        Arrays.fill(padded, (byte) ' ');
        byte[] text = (pid + " " + id).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, padded, 0, text.length);
        return padded;
    }

    private static void serve(Socket client, byte[] greeting) {
        try (client) {
            client.setTcpNoDelay(true);
            OutputStream out = client.getOutputStream();
            out.write(greeting);
            String[] words = line(client.getInputStream()).split(" ", 2);
            switch (words[0]) {
                case "echo" -> client.getInputStream().transferTo(out);
                case "pour" -> pour(Long.parseLong(words[1]), out);
                case "take" -> take(client);
                default -> throw new IOException("neither echo, pour nor take: " + words[0]);
            }
        } catch (IOException broken) {
            System.out.println("broken: " + broken);
        }
    }

    private static void pour(long bytes, OutputStream out) throws IOException {
        byte[] chunk = chunk();
        for (long left = bytes; left > 0; left -= chunk.length) {
            out.write(chunk, 0, (int) Math.min(left, chunk.length));
        }
    }

    private static void take(Socket client) throws IOException {
        client.shutdownOutput();
        ByteSum taken = ByteSum.of(client.getInputStream());
        System.out.println(taken);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("an end before the first line's: " + line);
            }
            line.append((char) next);
        }
        return line.toString();
    }

    /** What is poured, again and again: no two of its parts are alike, so that one which is lost or comes twice is noticed. */
    static byte[] chunk() {
        byte[] chunk = new byte[CHUNK];
        for (int i = 0; i < CHUNK; i++) {
            chunk[i] = (byte) (i * 31 + i / 251);
        }
        return chunk;
    }

    /** How much came, and its checksum. */
    record ByteSum(long bytes, long crc) {
        /** What comes to the end. */
        static ByteSum of(InputStream in) throws IOException {
            CRC32 crc = new CRC32();
            byte[] buffer = new byte[CHUNK];
            long bytes = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                crc.update(buffer, 0, read);
                bytes += read;
            }
            return new ByteSum(bytes, crc.getValue());
        }

        /** What so many bytes that are poured come to; they are written, too. */
        static ByteSum ofPoured(long bytes, OutputStream to) throws IOException {
            CRC32 crc = new CRC32();
            byte[] chunk = chunk();
            OutputStream out = new BufferedOutputStream(to, CHUNK);
            for (long left = bytes; left > 0; left -= chunk.length) {
                int part = (int) Math.min(left, chunk.length);
                crc.update(chunk, 0, part);
                out.write(chunk, 0, part);
            }
            out.flush();
            return new ByteSum(bytes, crc.getValue());
        }

        @Override
        public String toString() {
            return "took " + bytes + " bytes of checksum " + crc;
        }
    }
}
