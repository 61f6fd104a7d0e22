package dev.pointsman.balancer.frames;

import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersEncoder;

/** The compressor of a connection's field sections, whose table is not larger than we want it: the other side may ask for any size, and the memory is ours. */
public final class BoundedTableEncoder extends DefaultHttp2HeadersEncoder {
    private static final long MOST = Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE;

    /**
     * The compressor of one connection.
     *
     * @param sendsAnySize whether sections go out that are larger than the other side has said to take
     */
    public BoundedTableEncoder(boolean sendsAnySize) {
        super(Http2HeadersEncoder.NEVER_SENSITIVE, sendsAnySize);
    }

    @Override
    public void maxHeaderTableSize(long max) throws Http2Exception {
        super.maxHeaderTableSize(Math.min(max, MOST));
    }
}
