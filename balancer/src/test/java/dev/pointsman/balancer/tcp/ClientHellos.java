package dev.pointsman.balancer.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** ClientHellos, as clients send them (RFC 8446, 4.1.2), with no more in them than is needed. */
final class ClientHellos {
    private static final int HANDSHAKE = 22;
    private static final int RECORD_HEAD = 5;

    private ClientHellos() {}

    /** One in one record; a null name is not asked for. */
    static byte[] of(@Nullable String name) {
        ByteBuf extensions = Unpooled.buffer();
        if (name != null) {
            byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
            extensions.writeShort(0).writeShort(ascii.length + 5).writeShort(ascii.length + 3);
            extensions.writeByte(0).writeShort(ascii.length).writeBytes(ascii);
        }
        // supported_versions: 1.3
        extensions.writeShort(43).writeShort(3).writeByte(2).writeShort(0x0304);
        ByteBuf body = Unpooled.buffer().writeShort(0x0303).writeZero(32).writeByte(0);
        body.writeShort(2).writeShort(0x1301).writeByte(1).writeByte(0);
        body.writeShort(extensions.readableBytes()).writeBytes(extensions);
        ByteBuf hello = Unpooled.buffer().writeByte(1).writeMedium(body.readableBytes());
        hello.writeBytes(body);
        return bytes(record(hello));
    }

    /** The same message in records of so many bytes. */
    static byte[] inRecordsOf(int size, byte[] record) {
        ByteBuf message = Unpooled.wrappedBuffer(record).skipBytes(RECORD_HEAD);
        ByteBuf records = Unpooled.buffer();
        while (message.isReadable()) {
            records.writeBytes(record(message.readSlice(Math.min(size, message.readableBytes()))));
        }
        return bytes(records);
    }

    private static ByteBuf record(ByteBuf content) {
        int size = content.readableBytes();
        return Unpooled.buffer()
                .writeByte(HANDSHAKE)
                .writeShort(0x0301)
                .writeShort(size)
                .writeBytes(content);
    }

    private static byte[] bytes(ByteBuf from) {
        return ByteBufUtil.getBytes(from);
    }
}
