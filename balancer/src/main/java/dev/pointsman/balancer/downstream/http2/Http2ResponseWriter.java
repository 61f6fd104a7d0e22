package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.downstream.ResponseWriter;
import dev.pointsman.balancer.http.ConnectionField;
import dev.pointsman.balancer.http.FieldKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one response. The newest of them is held until it is known whether it is the last, since the end of the response
 * is a flag of that one. For one event loop.
 */
final class Http2ResponseWriter implements ResponseWriter {
    private static final int USUAL_FIELDS = 16;

    private final Http2ClientStream stream;
    private @Nullable Http2Headers head;
    private @Nullable ByteBuf piece;
    private boolean cut;

    Http2ResponseWriter(Http2ClientStream stream) {
        this.stream = stream;
    }

    @Override
    public void writeHead(HttpResponseStatus given, HttpHeaders fields, ByteBuf body, boolean bodiless) {
        HttpResponseStatus status = given;
        WebSocketByStream webSocket = stream.webSocket();
        boolean switches = webSocket != null && status.code() == 101;
        if (webSocket != null) {
            status = webSocket.statusFor(status, fields);
        }
        Http2Headers section = section(status, fields);
        if (switches && status.code() != 200) {
            body.release();
            cut = true;
            stream.reset();
        } else if (switches) {
            body.release();
            stream.write(section, false);
        } else {
            head = section;
            writeBody(body);
        }
    }

    private static Http2Headers section(HttpResponseStatus status, HttpHeaders fields) {
        Http2Headers section = new DefaultHttp2Headers(false, USUAL_FIELDS).status(status.codeAsText());
        List<String> named = ConnectionField.named(fields);
        Iterator<Map.Entry<CharSequence, CharSequence>> all = fields.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = all.next();
            FieldKind kind = FieldKind.of(field.getKey());
            boolean passes = !kind.isHopByHop()
                    && kind != FieldKind.TRANSFER_CODING
                    && kind != FieldKind.UPGRADE
                    && kind != FieldKind.CONNECTION
                    && !ConnectionField.isNamed(named, field.getKey());
            if (passes) {
                section.add(AsciiString.of(field.getKey()).toLowerCase(), field.getValue());
            }
        }
        return section;
    }

    @Override
    public void writeBody(ByteBuf next) {
        if (!next.isReadable() || cut) {
            next.release();
            return;
        }
        writePiece();
        piece = next;
    }

    private void writePiece() {
        ByteBuf held = piece;
        if (held != null) {
            writeHeadOnly();
            piece = null;
            stream.write(held, false);
        }
    }

    private void writeHeadOnly() {
        Http2Headers held = head;
        if (held != null) {
            head = null;
            stream.write(held, false);
        }
    }

    @Override
    public void writeEnd(HttpHeaders trailers) {
        if (cut) {
            return;
        }
        if (!trailers.isEmpty()) {
            writePiece();
            writeHeadOnly();
            stream.write(trailers(trailers), true);
        } else if (piece != null) {
            writeHeadOnly();
            ByteBuf last = piece;
            piece = null;
            stream.write(last, true);
        } else if (head != null) {
            Http2Headers only = head;
            head = null;
            stream.write(only, true);
        } else {
            stream.write(Unpooled.EMPTY_BUFFER, true);
        }
    }

    private static Http2Headers trailers(HttpHeaders fields) {
        Http2Headers section = new DefaultHttp2Headers(false, USUAL_FIELDS);
        Iterator<Map.Entry<CharSequence, CharSequence>> all = fields.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = all.next();
            section.add(AsciiString.of(field.getKey()).toLowerCase(), field.getValue());
        }
        return section;
    }

    @Override
    public void flush() {
        writePiece();
        writeHeadOnly();
        stream.flush();
    }

    @Override
    public void writeContinue() {
        stream.write(new DefaultHttp2Headers(false, 2).status(HttpResponseStatus.CONTINUE.codeAsText()), false);
        stream.flush();
    }

    /** Sends an interim response (RFC 9110, 15.2). */
    void writeInterim(HttpResponse interim) {
        Http2Headers section = section(interim.status(), interim.headers());
        section.remove("content-length");
        stream.write(section, false);
        stream.flush();
    }

    @Override
    public boolean isFull() {
        return stream.isFull();
    }

    @Override
    public void abort(long code) {
        discard();
        cut = true;
        stream.abort(code);
    }

    @Override
    public void over() {
        stream.responseEnded();
    }

    /** Releases what is held. */
    void discard() {
        ByteBuf body = piece;
        piece = null;
        head = null;
        if (body != null) {
            body.release();
        }
    }
}
