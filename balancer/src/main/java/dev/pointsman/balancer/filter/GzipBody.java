package dev.pointsman.balancer.filter;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * The body of one response, compressed by gzip as it comes (RFC 1952). Holds memory outside of the heap until
 * {@link #close}. For one event loop.
 */
public final class GzipBody implements AutoCloseable {
    /** Beyond it the CPU time grows faster than what it saves. */
    private static final int LEVEL = 5;

    private static final int STEP = 8 * 1024;
    private static final byte[] HEAD = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private final Deflater deflater = new Deflater(LEVEL, true);
    private final CRC32 checksum = new CRC32();
    private boolean begun;
    private boolean unflushed;
    private boolean closed;

    /**
     * Compresses a piece.
     *
     * @param piece released here
     * @return what has come out of it so far, perhaps nothing; for the caller to release
     */
    public ByteBuf compress(ByteBuf piece) {
        ByteBuf out = Unpooled.buffer(Math.max(STEP / 4, piece.readableBytes() / 4));
        byte[] in = new byte[piece.readableBytes()];
        piece.readBytes(in);
        piece.release();
        checksum.update(in);
        deflater.setInput(in);
        drain(out, Deflater.NO_FLUSH);
        unflushed = true;
        return out;
    }

    /** Whether a part of what came in has not gone out. */
    public boolean isUnflushed() {
        return unflushed;
    }

    /** All that came in and has not gone out, so that the client can read it. For the caller to release. */
    public ByteBuf flush() {
        ByteBuf out = Unpooled.buffer(STEP / 4);
        drain(out, Deflater.SYNC_FLUSH);
        unflushed = false;
        return out;
    }

    /** The end of the body. For the caller to release. */
    public ByteBuf finish() {
        ByteBuf out = Unpooled.buffer(STEP / 4);
        deflater.finish();
        drain(out, Deflater.NO_FLUSH);
        out.writeIntLE((int) checksum.getValue());
        out.writeIntLE((int) deflater.getBytesRead());
        close();
        return out;
    }

    private void drain(ByteBuf out, int flush) {
        if (!begun) {
            begun = true;
            out.writeBytes(HEAD);
        }
        int count;
        do {
            out.ensureWritable(STEP);
            count = deflater.deflate(out.array(), out.arrayOffset() + out.writerIndex(), STEP, flush);
            out.writerIndex(out.writerIndex() + count);
        } while (count == STEP || (count > 0 && flush == Deflater.NO_FLUSH && !deflater.needsInput()));
    }

    /** Gives back its memory. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            deflater.end();
        }
    }
}
