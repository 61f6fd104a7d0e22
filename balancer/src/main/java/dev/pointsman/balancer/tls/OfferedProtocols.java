package dev.pointsman.balancer.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The protocols that a client offers by ALPN (RFC 7301), as its first message says. Whether one of them is spoken here is found out before
 * an engine gets to see the message, since Netty's for BoringSSL goes on where the RFC asks for an alert. A client that meant another
 * protocol would have its bytes read as HTTP otherwise.
 */
final class OfferedProtocols {
    /** The record of an alert: fatal, no_application_protocol (RFC 7301, 3.2). */
    private static final ByteBuf REFUSAL = Unpooled.unreleasableBuffer(
            Unpooled.wrappedBuffer(new byte[] {21, 3, 3, 0, 2, 2, 120}).asReadOnly());

    private static final int ALPN = 16;
    private static final int VERSION_AND_RANDOM = 34;

    private OfferedProtocols() {}

    /** What is offered, the best first; null where nothing is, or the message cannot be read: the engine says so then. */
    static @Nullable List<String> of(ByteBuf hello) {
        ByteBuf in = hello.duplicate();
        try {
            in.skipBytes(VERSION_AND_RANDOM);
            in.skipBytes(in.readUnsignedByte());
            in.skipBytes(in.readUnsignedShort());
            in.skipBytes(in.readUnsignedByte());
            ByteBuf extensions = in.readSlice(in.readUnsignedShort());
            while (extensions.isReadable()) {
                int type = extensions.readUnsignedShort();
                ByteBuf content = extensions.readSlice(extensions.readUnsignedShort());
                if (type == ALPN) {
                    return names(content.readSlice(content.readUnsignedShort()));
                }
            }
            return null;
        } catch (IndexOutOfBoundsException cutOff) {
            return null;
        }
    }

    /** The alert that none of them is spoken here. */
    static ByteBuf refusal() {
        return REFUSAL.duplicate();
    }

    private static List<String> names(ByteBuf list) {
        List<String> names = new ArrayList<>();
        while (list.isReadable()) {
            names.add(list.readCharSequence(list.readUnsignedByte(), StandardCharsets.ISO_8859_1)
                    .toString());
        }
        return names;
    }
}
