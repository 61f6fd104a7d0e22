package dev.pointsman.balancer.health;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * The messages of grpc.health.v1.Health/Check, by hand: each is one number or one text (protocol buffers, "Encoding"), behind the
 * five bytes that gRPC puts before a message.
 */
final class GrpcHealth {
    /** The path of the call. */
    static final String PATH = "/grpc.health.v1.Health/Check";

    private static final int PREFIX = 5;

    /** Field 1, text. */
    private static final byte SERVICE = 0x0a;

    /** Field 1, number. */
    private static final byte STATUS = 0x08;

    private static final int SHORT = 0x7f;
    private static final int SERVING = 1;

    private GrpcHealth() {}

    /** The request for a service's health; for that of the server as a whole if the name is empty. */
    static Buffer request(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        Buffer message = Buffer.buffer();
        if (name.length > 0) {
            message.appendByte(SERVICE);
            int left = name.length;
            for (; left > SHORT; left >>>= 7) {
                message.appendByte((byte) (left | 0x80));
            }
            message.appendByte((byte) left).appendBytes(name);
        }
        return Buffer.buffer().appendByte((byte) 0).appendInt(message.length()).appendBuffer(message);
    }

    /**
     * What a response says.
     *
     * @param status its grpc-status, as text; empty for none
     */
    static CheckResult result(String status, Buffer content) {
        if (!status.equals("0")) {
            return CheckResult.failed("answered grpc-status " + (status.isEmpty() ? "none" : status));
        }
        boolean stated = content.length() == PREFIX + 2 && content.getByte(PREFIX) == STATUS;
        boolean serving = stated && content.getByte(PREFIX + 1) == SERVING;
        return new CheckResult(serving, serving ? "answered SERVING" : "answered that it is not SERVING");
    }
}
