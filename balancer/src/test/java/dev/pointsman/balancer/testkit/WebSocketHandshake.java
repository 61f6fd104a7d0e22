package dev.pointsman.balancer.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Both halves of the handshake of a WebSocket, as the example of RFC 6455 has it. */
public final class WebSocketHandshake {
    /** The service's half: it agrees. */
    public static final String SWITCHING = String.join(
            "\r\n",
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "",
            "");

    private static final List<String> FIELDS = List.of(
            "Connection: keep-alive, Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

    private WebSocketHandshake() {}

    /** What a service answers to a key (RFC 6455, 4.2.2). */
    public static String accept(String key) throws NoSuchAlgorithmException {
        byte[] both = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest(both));
    }

    /** Sends the client's half, with more fields. */
    public static void ask(Wire client, String path, String... more) throws IOException {
        List<String> fields = new ArrayList<>(FIELDS);
        fields.addAll(List.of(more));
        TestProxy.sendRequest(client, "GET", path, fields.toArray(new String[0]));
    }
}
