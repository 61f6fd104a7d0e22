package dev.pointsman.balancer.testkit;

import dev.pointsman.balancer.loop.Channels;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2SettingsFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An instance that speaks HTTP/2 in clear text, on Netty's frames: it does with each stream what the test says, also what no
 * server should.
 */
public final class Http2Instance implements AutoCloseable {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel server;
    private final List<Channel> connections = new CopyOnWriteArrayList<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Call> arrived = new LinkedBlockingQueue<>();
    private final Behaviour behaviour;

    /** What an instance does with a request. Called on its event loop. */
    @FunctionalInterface
    public interface Behaviour {
        /** Called when the head of a request is there. */
        void begins(Call call);

        /** Called when the request is there whole. */
        default void ended(Call call) {}
    }

    /** One that answers when the request is there whole. */
    public static Behaviour whole(Consumer<Call> then) {
        return new Behaviour() {
            @Override
            public void begins(Call call) {}

            @Override
            public void ended(Call call) {
                then.accept(call);
            }
        };
    }

    /** One that listens on a port of its own. */
    public Http2Instance(Behaviour behaviour) throws Exception {
        this(behaviour, new Http2Settings().maxConcurrentStreams(1000));
    }

    /** The same with settings of its own. */
    public Http2Instance(Behaviour behaviour, Http2Settings settings) throws Exception {
        this.behaviour = behaviour;
        server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connections.add(channel);
                        channel.pipeline()
                                .addLast(
                                        Http2FrameCodecBuilder.forServer()
                                                .validateHeaders(false)
                                                .initialSettings(settings)
                                                .build(),
                                        new Frames());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** How many connections were made to it. */
    public int connections() {
        return connections.size();
    }

    /** All requests so far. */
    public List<Call> calls() {
        return calls;
    }

    /** The next request that has come. */
    public Call next() throws InterruptedException {
        Call call = arrived.poll(10, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("no request came");
        }
        return call;
    }

    /** Reads nothing any more on the connections so far, as a machine that is gone. */
    public void goDeaf() {
        connections.forEach(channel -> channel.config().setAutoRead(false));
    }

    /** Breaks all connections. */
    public void breakAll() {
        connections.forEach(Channels::close);
    }

    /** Changes its settings on all connections. */
    public void settings(Http2Settings settings) {
        connections.forEach(channel -> Channels.writeAndFlush(channel, new DefaultHttp2SettingsFrame(settings)));
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Frames extends ChannelInboundHandlerAdapter {
        private final List<Call> open = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            if (frame instanceof Http2HeadersFrame headers) {
                headers(context, headers);
            } else if (frame instanceof Http2DataFrame data) {
                call(data.stream()).received(data);
            } else if (frame instanceof Http2ResetFrame reset) {
                call(reset.stream()).resetBy(reset.errorCode());
            }
            ReferenceCountUtil.release(frame);
        }

        private void headers(ChannelHandlerContext context, Http2HeadersFrame frame) {
            Call known = open.stream()
                    .filter(call -> call.stream == frame.stream())
                    .findFirst()
                    .orElse(null);
            if (known == null) {
                Call call = new Call(context, frame.stream(), frame.headers());
                open.add(call);
                calls.add(call);
                arrived.add(call);
                behaviour.begins(call);
                if (frame.isEndStream()) {
                    call.end();
                }
            } else {
                known.trailers = frame.headers();
                known.end();
            }
        }

        private Call call(Http2FrameStream stream) {
            return open.stream()
                    .filter(call -> call.stream == stream)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Channels.close(context);
        }
    }

    /** One request at this instance. */
    public final class Call {
        private final ChannelHandlerContext context;
        private final Http2FrameStream stream;
        private final Http2Headers head;
        private final AtomicReference<String> body = new AtomicReference<>("");
        private final BlockingQueue<Long> resets = new LinkedBlockingQueue<>();
        private volatile @Nullable Http2Headers trailers;
        private volatile boolean takesWindow = true;
        private int untaken;

        private Call(ChannelHandlerContext context, Http2FrameStream stream, Http2Headers head) {
            this.context = context;
            this.stream = stream;
            this.head = head;
        }

        private void received(Http2DataFrame data) {
            String more = data.content().toString(StandardCharsets.ISO_8859_1);
            body.updateAndGet(before -> before + more);
            untaken += data.initialFlowControlledBytes();
            if (takesWindow) {
                untaken = 0;
                Channels.writeAndFlush(
                        context, new DefaultHttp2WindowUpdateFrame(data.initialFlowControlledBytes()).stream(stream));
            }
            if (data.isEndStream()) {
                end();
            }
        }

        private void end() {
            behaviour.ended(this);
        }

        private void resetBy(long code) {
            resets.add(code);
        }

        /** Gives back no window for what comes. */
        public void takeNothing() {
            takesWindow = false;
        }

        /** Gives back the window for what has come, and from now on for all that comes. */
        public void takeAll() {
            context.executor().execute(() -> {
                takesWindow = true;
                Channels.writeAndFlush(context, new DefaultHttp2WindowUpdateFrame(untaken).stream(stream));
            });
        }

        public int id() {
            return stream.id();
        }

        /** The connection it came on. */
        public Channel connection() {
            return context.channel();
        }

        public Http2Headers head() {
            return head;
        }

        public String body() {
            return String.valueOf(body.get());
        }

        public @Nullable Http2Headers trailers() {
            return trailers;
        }

        /** The code of the reset that has come for it, waiting for one. */
        public long awaitReset() throws InterruptedException {
            Long code = resets.poll(10, TimeUnit.SECONDS);
            if (code == null) {
                throw new AssertionError("no reset came");
            }
            return code;
        }

        public boolean wasReset() {
            return !resets.isEmpty();
        }

        /** Sends a field section; pairs of names and values. */
        public Call headers(boolean end, String... pairs) {
            Http2Headers section = new DefaultHttp2Headers(false);
            for (int i = 0; i < pairs.length; i += 2) {
                section.add(pairs[i], pairs[i + 1]);
            }
            Channels.writeAndFlush(context, new DefaultHttp2HeadersFrame(section, end).stream(stream));
            return this;
        }

        /** Sends content. */
        public Call data(String text, boolean end) {
            ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
            Channels.writeAndFlush(context, new DefaultHttp2DataFrame(bytes, end).stream(stream));
            return this;
        }

        /** Sends a whole response. */
        public Call respond(int status, String text, String... pairs) {
            String[] all = new String[pairs.length + 2];
            all[0] = ":status";
            all[1] = Integer.toString(status);
            System.arraycopy(pairs, 0, all, 2, pairs.length);
            if (text.isEmpty()) {
                return headers(true, all);
            }
            return headers(false, all).data(text, true);
        }

        /** How many bytes of content the other side takes now. */
        public int window() throws Exception {
            Http2FrameCodec codec = (Http2FrameCodec)
                    context.pipeline().context(Http2FrameCodec.class).handler();
            return context.executor()
                    .submit(() -> codec.encoder().flowController().windowSize(codec.connection().stream(stream.id())))
                    .get(10, TimeUnit.SECONDS);
        }

        /** Ends the stream. */
        public Call reset(Http2Error code) {
            return reset(code.code());
        }

        /** Ends the stream, also with a code that nobody knows. */
        public Call reset(long code) {
            Channels.writeAndFlush(context, new DefaultHttp2ResetFrame(code).stream(stream));
            return this;
        }

        /** Says that no more streams are taken than up to this id. */
        public Call goAway(int lastStream) {
            ChannelHandlerContext codec = context.pipeline().context(Http2FrameCodec.class);
            context.executor().execute(() -> {
                var unused = ((Http2FrameCodec) codec.handler())
                        .encoder()
                        .frameWriter()
                        .writeGoAway(
                                codec,
                                lastStream,
                                Http2Error.NO_ERROR.code(),
                                Unpooled.EMPTY_BUFFER,
                                codec.newPromise());
                codec.flush();
            });
            return this;
        }
    }
}
