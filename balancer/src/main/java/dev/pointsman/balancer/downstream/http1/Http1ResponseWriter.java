package dev.pointsman.balancer.downstream.http1;

import dev.pointsman.balancer.downstream.ReceivedRequest;
import dev.pointsman.balancer.downstream.ResponseWriter;
import dev.pointsman.balancer.http.ChunkedBody;
import dev.pointsman.balancer.http.HeadBuffer;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.LoopBuffers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/**
 * The bytes of one response in HTTP/1.1 (RFC 9112, 4 and 6): its head, and its body in the framing that the head states.
 * A head goes out together with the first piece of a small body, copied behind it, so that one write takes both. For one
 * event loop.
 */
final class Http1ResponseWriter implements ResponseWriter {
    /** The most bytes of a body that are copied behind the head: beyond, a second buffer costs less than the copy. */
    private static final int MOST_COPIED = 8 * 1024;

    private static final ByteBuf CONTINUE = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII)
                    .asReadOnly());

    private final Http1Connection client;
    private final ReceivedRequest request;
    private final String version;
    private final ChannelHandlerContext to;
    private final HeadBuffer head;
    private final LoopBuffers buffers;
    private boolean chunked;

    /**
     * The writer of one response.
     *
     * @param client the connection
     * @param request what is responded to
     * @param version of the status line
     * @param to writes towards the client
     * @param head is made here, one after the other
     * @param buffers takes what is sent
     */
    Http1ResponseWriter(
            Http1Connection client,
            ReceivedRequest request,
            String version,
            ChannelHandlerContext to,
            HeadBuffer head,
            LoopBuffers buffers) {
        this.client = client;
        this.request = request;
        this.version = version;
        this.to = to;
        this.head = head;
        this.buffers = buffers;
    }

    @Override
    public void writeHead(HttpResponseStatus status, HttpHeaders fields, ByteBuf body, boolean bodiless) {
        chunked = !bodiless
                && fields.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && fields.containsValue(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED, true);
        head.clear()
                .add(version)
                .add(' ')
                .add(status.codeAsText())
                .add(' ')
                .add(status.reasonPhrase())
                .endLine();
        Iterator<Map.Entry<CharSequence, CharSequence>> all = fields.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = all.next();
            head.field(field.getKey(), field.getValue());
        }
        head.endLine();
        int copied = chunked || body.readableBytes() > MOST_COPIED ? 0 : body.readableBytes();
        ByteBuf bytes = buffers.take(head.length() + copied, to.alloc());
        head.writeTo(bytes::writeBytes);
        if (copied > 0) {
            bytes.writeBytes(body);
        }
        Channels.write(to, bytes);
        writeBody(body);
    }

    @Override
    public void writeBody(ByteBuf piece) {
        if (!piece.isReadable()) {
            piece.release();
        } else if (chunked) {
            Channels.write(to, Unpooled.wrappedBuffer(ChunkedBody.sizeLine(piece.readableBytes())));
            Channels.write(to, piece);
            Channels.write(to, Unpooled.wrappedBuffer(ChunkedBody.lineEnd()));
        } else {
            Channels.write(to, piece);
        }
    }

    @Override
    public void writeEnd(HttpHeaders trailers) {
        if (chunked) {
            ByteBuf end = Unpooled.buffer();
            ChunkedBody.lastChunk(trailers).writeTo(end::writeBytes);
            Channels.write(to, end);
        }
    }

    @Override
    public void flush() {
        to.flush();
    }

    @Override
    public void writeContinue() {
        Channels.writeAndFlush(to, CONTINUE.duplicate());
    }

    @Override
    public boolean isFull() {
        return client.isFull();
    }

    @Override
    public void abort(long code) {
        client.close();
    }

    @Override
    public void over() {
        client.responseEnded(request);
    }
}
