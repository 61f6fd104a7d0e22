package dev.pointsman.balancer.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the other side reads of frames that were written together. */
class FrameBatchTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ChannelHandlerContext to = channel.pipeline().firstContext();
    private final FrameBatch frames = new FrameBatch(new DefaultHttp2HeadersEncoder(), FrameBatch.COPIED);

    @AfterEach
    void close() {
        frames.close();
        channel.finishAndReleaseAll();
    }

    @Test
    void heads_and_small_bodies_of_several_streams_are_one_buffer() throws Exception {
        head(1, "a");
        body(1, 28);
        head(3, "b");
        body(3, 28);

        assertThat(sent()).hasSize(1);
        assertThat(read()).containsExactly("HEADERS 1 a", "DATA 1 28 end", "HEADERS 3 b", "DATA 3 28 end");
    }

    @Test
    void a_large_body_and_a_reset_stay_behind_what_was_written_before() throws Exception {
        head(1, "a");
        body(1, 10_000);
        head(3, "b");
        var unused = frames.writeRstStream(to, 3, Http2Error.NO_ERROR.code(), to.newPromise());

        assertThat(read()).containsExactly("HEADERS 1 a", "DATA 1 10000 end", "HEADERS 3 b", "RST_STREAM 3");
    }

    @Test
    void a_head_that_is_larger_than_a_frame_is_divided() throws Exception {
        String large = "~".repeat(50_000);
        head(1, large);
        body(1, 28);

        assertThat(read()).containsExactly("HEADERS 1 " + large, "DATA 1 28 end");
    }

    private void head(int id, String value) {
        Http2Headers section = new DefaultHttp2Headers().status("200").add("x", value);
        assertThat(frames.writeHeaders(to, id, section, 0, false, to.newPromise())
                        .isSuccess())
                .isTrue();
    }

    private void body(int id, int bytes) {
        var unused = frames.writeData(to, id, Unpooled.buffer().writeZero(bytes), 0, true, to.newPromise());
    }

    /** The buffers that were handed over. */
    private List<ByteBuf> sent() {
        frames.send(to);
        channel.flush();
        return channel.outboundMessages().stream().map(ByteBuf.class::cast).toList();
    }

    private List<String> read() throws Http2Exception {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf each : sent()) {
            all.writeBytes(each);
        }
        List<String> seen = new ArrayList<>();
        DefaultHttp2FrameReader reader = new DefaultHttp2FrameReader(false);
        reader.headersConfiguration().maxHeaderListSize(1 << 20, 1 << 21);
        while (all.isReadable()) {
            reader.readFrame(to, all, new Seen(seen));
        }
        return seen;
    }

    private static final class Seen extends Http2FrameAdapter {
        private final List<String> seen;

        Seen(List<String> seen) {
            this.seen = seen;
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext from, int id, Http2Headers section, int padding, boolean isEnd) {
            seen.add("HEADERS " + id + " " + section.get("x"));
        }

        @Override
        public int onDataRead(ChannelHandlerContext from, int id, ByteBuf data, int padding, boolean isEnd) {
            seen.add("DATA " + id + " " + data.readableBytes() + (isEnd ? " end" : ""));
            return data.readableBytes();
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext from, int id, long code) {
            seen.add("RST_STREAM " + id);
        }
    }
}
