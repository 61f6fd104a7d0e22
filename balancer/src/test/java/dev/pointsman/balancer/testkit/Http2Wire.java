package dev.pointsman.balancer.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * A connection in HTTP/2, frame by frame (RFC 9113, 4), of a client or of an instance: it sends whatever it is told to, right or wrong,
 * and answers nothing by itself.
 */
public final class Http2Wire implements Closeable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersEncoder encoder =
            new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true);
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);

    /**
     * A frame.
     *
     * @param payload as ISO 8859-1
     */
    public record Frame(int type, int flags, int stream, String payload) {
        public boolean isEnd() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /** The number in the payload at an offset. */
        public int number(int at) {
            return Unpooled.copiedBuffer(payload, StandardCharsets.ISO_8859_1).getInt(at);
        }
    }

    /** A response: its fields as lines, its body, and how it ended: with "end" or the code of a reset. */
    public record Response(String head, String body, String trailers, String end) {
        public String status() {
            return head.lines().findFirst().orElse("").replace(":status: ", "");
        }
    }

    private Http2Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
    }

    /** A connection on which nothing was sent. */
    public static Http2Wire silent(int port) throws IOException {
        return new Http2Wire(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** A connection with the preface and empty SETTINGS sent, and those of the other side acknowledged, which are not read. */
    public static Http2Wire to(int port) throws IOException {
        return unacknowledged(port).frame(SETTINGS, ACK, 0, "");
    }

    /** A connection with the preface and empty SETTINGS sent. */
    public static Http2Wire unacknowledged(int port) throws IOException {
        return silent(port).raw(PREFACE).frame(SETTINGS, 0, 0, "");
    }

    /** A connection that was accepted, of whose preface nothing was read. */
    static Http2Wire accepted(Socket socket) throws IOException {
        return new Http2Wire(socket);
    }

    /** Begins as an instance does: reads the preface, sends SETTINGS with this payload, and acknowledges those of the other side. */
    public Http2Wire serve(String settings) throws IOException {
        return serve(settings, true);
    }

    /** The same, with or without the acknowledgement. */
    public Http2Wire serve(String settings, boolean acknowledges) throws IOException {
        String preface = text(PREFACE.length());
        if (!preface.equals(PREFACE)) {
            throw new AssertionError("not the preface of HTTP/2: " + preface);
        }
        frame(SETTINGS, 0, 0, settings);
        return acknowledges ? frame(SETTINGS, ACK, 0, "") : this;
    }

    /** A setting, as a part of the payload of SETTINGS. */
    public static String setting(int id, int value) {
        return bytes(id >>> 8, id) + int32(value);
    }

    /** A request as an instance sees it; of stream -1 at the end of the connection. */
    public record Request(int stream, String head) {
        public boolean isTo(String path) {
            return head.contains(":path: " + path + "\n");
        }
    }

    /** The head of the next request; whatever else comes is skipped. */
    public Request request() throws Exception {
        for (Frame frame = next(); frame.type() != -1; frame = next()) {
            String section = frame.type() == HEADERS ? decode(frame.payload()) : "";
            if (section.contains(":path: ")) {
                return new Request(frame.stream(), section);
            }
        }
        return new Request(-1, "");
    }

    public Http2Wire raw(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    public static String bytes(int... values) {
        StringBuilder text = new StringBuilder();
        for (int value : values) {
            text.append((char) (value & 0xff));
        }
        return text.toString();
    }

    public static String int32(int value) {
        return bytes(value >>> 24, value >>> 16, value >>> 8, value);
    }

    /** A frame as its bytes. */
    public static String frameBytes(int type, int flags, int stream, String payload) {
        int length = payload.length();
        return bytes(length >>> 16, length >>> 8, length, type, flags) + int32(stream) + payload;
    }

    public Http2Wire frame(int type, int flags, int stream, String payload) throws IOException {
        return raw(frameBytes(type, flags, stream, payload));
    }

    /** Sends a field section of names and values by turns. */
    public Http2Wire headers(int stream, boolean isEnd, String... fields) throws Exception {
        return frame(HEADERS, END_HEADERS | (isEnd ? END_STREAM : 0), stream, block(fields));
    }

    /** Asks for a WebSocket at /ws by an extended CONNECT (RFC 8441, 4). */
    public Http2Wire webSocket(int stream) throws Exception {
        return headers(
                stream,
                false,
                ":method",
                "CONNECT",
                ":protocol",
                "websocket",
                ":scheme",
                "http",
                ":authority",
                "example.com",
                ":path",
                "/ws",
                "sec-websocket-version",
                "13");
    }

    /** A field section of names and values by turns, encoded. */
    public String block(String... fields) throws Exception {
        ByteBuf out = Unpooled.buffer();
        for (int i = 0; i < fields.length; i += 2) {
            // Each by itself: the map would put pseudo fields first.
            Http2Headers one = new DefaultHttp2Headers(false).add(fields[i], fields[i + 1]);
            encoder.encodeHeaders(1, one, out);
        }
        String block = out.toString(StandardCharsets.ISO_8859_1);
        out.release();
        return block;
    }

    /** Asks for a path by GET. */
    public Http2Wire get(int stream, String path, String... more) throws Exception {
        return headers(stream, true, with(usual("GET", path), more));
    }

    /** Begins a POST. */
    public Http2Wire post(int stream, String path, String... more) throws Exception {
        return headers(stream, false, with(usual("POST", path), more));
    }

    public Http2Wire data(int stream, String data, boolean isEnd) throws IOException {
        return frame(DATA, isEnd ? END_STREAM : 0, stream, data);
    }

    private static String[] usual(String method, String path) {
        return new String[] {":method", method, ":scheme", "http", ":authority", "example.com", ":path", path};
    }

    private static String[] with(String[] first, String... more) {
        String[] all = java.util.Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    /** The next frame; of type -1 at the end of the connection. */
    public Frame next() throws IOException {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = new byte[length];
            in.readFully(payload);
            return new Frame(type, flags, stream, new String(payload, StandardCharsets.ISO_8859_1));
        } catch (EOFException | SocketException ended) {
            return new Frame(-1, 0, 0, "");
        }
    }

    /** So many bytes as they come, where no frames are expected. */
    public String text(int count) throws IOException {
        return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    /** Skips to a frame of this kind, or the end of the connection; what is skipped is known to the table of fields. */
    public Frame skipTo(Predicate<Frame> wanted) throws IOException {
        Frame frame = next();
        while (frame.type() != -1 && !wanted.test(frame)) {
            if (frame.type() == HEADERS) {
                decodeSkipped(frame);
            }
            frame = next();
        }
        return frame;
    }

    private void decodeSkipped(Frame frame) throws IOException {
        try {
            decode(frame.payload());
        } catch (Http2Exception malformed) {
            throw new IOException(malformed);
        }
    }

    /** The code of the GOAWAY with which the connection ends; -1 if it ends without. */
    public int goAway() throws IOException {
        Frame frame = skipTo(any -> any.type() == GOAWAY);
        return frame.type() == GOAWAY ? frame.number(4) : -1;
    }

    /** The code of the reset of a stream, -1 if its response ends instead, or the connection. */
    public int resetOf(int stream) throws IOException {
        Frame frame = skipTo(any -> any.stream() == stream && (any.type() == RST_STREAM || any.isEnd()));
        return frame.type() == RST_STREAM ? frame.number(0) : -1;
    }

    /** The fields of a section, one a line. */
    public String decode(String block) throws Http2Exception {
        StringBuilder lines = new StringBuilder();
        ByteBuf bytes = Unpooled.copiedBuffer(block, StandardCharsets.ISO_8859_1);
        decoder.decodeHeaders(1, bytes).forEach(field -> lines.append(field.getKey())
                .append(": ")
                .append(field.getValue())
                .append('\n'));
        bytes.release();
        return lines.toString();
    }

    /** Reads the final response of a stream, whatever comes of others besides; interim ones are skipped. */
    public Response response(int stream) throws Exception {
        String head = "";
        String trailers = "";
        StringBuilder body = new StringBuilder();
        while (true) {
            Frame frame = next();
            String section = frame.type() == HEADERS ? decode(frame.payload()) : "";
            if (frame.type() == -1 || (frame.stream() == stream && frame.type() == RST_STREAM)) {
                return new Response(
                        head, body.toString(), trailers, frame.type() == -1 ? "closed" : "reset " + frame.number(0));
            }
            if (frame.stream() != stream) {
                continue;
            }
            if (frame.type() == DATA) {
                body.append(frame.payload());
            } else if (frame.type() == HEADERS && head.isEmpty() && !section.startsWith(":status: 1")) {
                head = section;
            } else if (frame.type() == HEADERS && !head.isEmpty()) {
                trailers = section;
            }
            if (frame.isEnd()) {
                return new Response(head, body.toString(), trailers, "end");
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
