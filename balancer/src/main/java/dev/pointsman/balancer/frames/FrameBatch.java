package dev.pointsman.balancer.frames;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/**
 * The writer of a connection's frames, which puts HEADERS and small DATA frames into one buffer until the connection is flushed. One by one,
 * each of them is a buffer or two, a promise and a walk through the pipeline. Whoever flushes calls {@link #send} before; all other frames,
 * and large bodies, go behind what is in the buffer. What is put there counts as written. For one event loop.
 */
public final class FrameBatch extends DefaultHttp2FrameWriter {
    /** Bytes of a body that are rather copied than sent from where they are, in clear text. */
    public static final int COPIED = 2 * 1024;

    /** The same over TLS, which makes a copy of every byte anyway, and records of this size. */
    public static final int COPIED_BY_TLS = 16 * 1024;

    /** Bytes that are enough for one write. */
    private static final int FULL = 16 * 1024;

    private static final int LEAST = 512;

    private final Http2HeadersEncoder fields;
    private final int copied;
    private @Nullable ByteBuf batch;
    private int usual = LEAST;

    /**
     * The writer of one connection.
     *
     * @param fields compresses field sections
     * @param copied bytes of a DATA frame up to which it is copied
     */
    public FrameBatch(Http2HeadersEncoder fields, int copied) {
        super(fields);
        this.fields = fields;
        this.copied = copied;
    }

    /** Hands over what is in the buffer, without flushing it. */
    public void send(ChannelHandlerContext to) {
        ByteBuf full = batch;
        if (full != null) {
            batch = null;
            // What is usual comes down slowly, so that few buffers have to grow.
            usual = Math.max(full.readableBytes(), usual - (usual - LEAST) / 8);
            var unused = to.write(full);
        }
    }

    private ByteBuf batch(ChannelHandlerContext to, int more) {
        ByteBuf begun = batch;
        if (begun == null) {
            begun = to.alloc().directBuffer(Math.max(more, usual));
            batch = begun;
        }
        return begun;
    }

    private void sendIfFull(ChannelHandlerContext to, ByteBuf begun) {
        if (begun.readableBytes() >= FULL) {
            send(to);
        }
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext to,
            int id,
            Http2Headers section,
            int padding,
            boolean isEnd,
            ChannelPromise promise) {
        ByteBuf out = batch(to, LEAST);
        int start = out.writerIndex();
        try {
            out.writeZero(Http2CodecUtil.FRAME_HEADER_LENGTH);
            fields.encodeHeaders(id, section, out);
        } catch (Http2Exception unfit) {
            out.writerIndex(start);
            return promise.setFailure(unfit);
        }
        int length = out.writerIndex() - start - Http2CodecUtil.FRAME_HEADER_LENGTH;
        if (length <= maxFrameSize()) {
            setFrameHeader(out, start, length, Http2FrameTypes.HEADERS, Http2Flags.END_HEADERS | end(isEnd), id);
        } else {
            divide(to, out, start, id, isEnd);
        }
        sendIfFull(to, out);
        return promise.setSuccess();
    }

    /** Divides a field section that is too large for one frame (RFC 9113, 6.10). */
    private void divide(ChannelHandlerContext to, ByteBuf out, int start, int id, boolean isEnd) {
        int begin = start + Http2CodecUtil.FRAME_HEADER_LENGTH;
        ByteBuf section = to.alloc().buffer(out.writerIndex() - begin);
        try {
            section.writeBytes(out, begin, out.writerIndex() - begin);
            out.writerIndex(start);
            byte type = Http2FrameTypes.HEADERS;
            boolean ends = isEnd;
            while (section.isReadable()) {
                int length = Math.min(section.readableBytes(), maxFrameSize());
                boolean last = length == section.readableBytes();
                writeFrameHeader(out, length, type, (last ? Http2Flags.END_HEADERS : 0) | end(ends), id);
                out.writeBytes(section, length);
                type = Http2FrameTypes.CONTINUATION;
                ends = false;
            }
        } finally {
            section.release();
        }
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext to, int id, ByteBuf data, int padding, boolean isEnd, ChannelPromise promise) {
        int bytes = data.readableBytes();
        if (padding > 0 || bytes > maxFrameSize()) {
            send(to);
            return super.writeData(to, id, data, padding, isEnd, promise);
        }
        ByteBuf out = batch(to, Http2CodecUtil.FRAME_HEADER_LENGTH + (bytes <= copied ? bytes : 0));
        writeFrameHeader(out, bytes, Http2FrameTypes.DATA, end(isEnd), id);
        if (bytes > copied) {
            send(to);
            return to.write(data, promise);
        }
        out.writeBytes(data);
        data.release();
        sendIfFull(to, out);
        return promise.setSuccess();
    }

    private static int end(boolean isEnd) {
        return isEnd ? Http2Flags.END_STREAM : 0;
    }

    private static void writeFrameHeader(ByteBuf out, int length, byte type, int flags, int id) {
        int start = out.writerIndex();
        out.writeZero(Http2CodecUtil.FRAME_HEADER_LENGTH);
        setFrameHeader(out, start, length, type, flags, id);
    }

    /** Fills in the beginning of a frame (RFC 9113, 4.1). */
    private static void setFrameHeader(ByteBuf out, int start, int length, byte type, int flags, int id) {
        out.setMedium(start, length);
        out.setByte(start + 3, type);
        out.setByte(start + 4, flags);
        out.setInt(start + 5, id);
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext to,
            int id,
            Http2Headers section,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean isEnd,
            ChannelPromise promise) {
        send(to);
        return super.writeHeaders(to, id, section, dependency, weight, exclusive, padding, isEnd, promise);
    }

    @Override
    public ChannelFuture writePriority(
            ChannelHandlerContext to, int id, int dependency, short weight, boolean exclusive, ChannelPromise promise) {
        send(to);
        return super.writePriority(to, id, dependency, weight, exclusive, promise);
    }

    @Override
    public ChannelFuture writeRstStream(ChannelHandlerContext to, int id, long code, ChannelPromise promise) {
        send(to);
        return super.writeRstStream(to, id, code, promise);
    }

    @Override
    public ChannelFuture writeSettings(ChannelHandlerContext to, Http2Settings settings, ChannelPromise promise) {
        send(to);
        return super.writeSettings(to, settings, promise);
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext to, ChannelPromise promise) {
        send(to);
        return super.writeSettingsAck(to, promise);
    }

    @Override
    public ChannelFuture writePing(ChannelHandlerContext to, boolean ack, long data, ChannelPromise promise) {
        send(to);
        return super.writePing(to, ack, data, promise);
    }

    @Override
    public ChannelFuture writePushPromise(
            ChannelHandlerContext to, int id, int promised, Http2Headers section, int padding, ChannelPromise promise) {
        send(to);
        return super.writePushPromise(to, id, promised, section, padding, promise);
    }

    @Override
    public ChannelFuture writeGoAway(
            ChannelHandlerContext to, int last, long code, ByteBuf debug, ChannelPromise promise) {
        send(to);
        return super.writeGoAway(to, last, code, debug, promise);
    }

    @Override
    public ChannelFuture writeWindowUpdate(ChannelHandlerContext to, int id, int bytes, ChannelPromise promise) {
        send(to);
        return super.writeWindowUpdate(to, id, bytes, promise);
    }

    @Override
    public ChannelFuture writeFrame(
            ChannelHandlerContext to, byte type, int id, Http2Flags flags, ByteBuf payload, ChannelPromise promise) {
        send(to);
        return super.writeFrame(to, type, id, flags, payload, promise);
    }

    @Override
    public void close() {
        ByteBuf unsent = batch;
        batch = null;
        if (unsent != null) {
            unsent.release();
        }
        super.close();
    }
}
