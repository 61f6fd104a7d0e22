package dev.pointsman.balancer.upstream.http1;

import dev.pointsman.balancer.http.HeadBuffer;
import dev.pointsman.balancer.upstream.RequestSink;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The writer of requests' heads in HTTP/1.1, one at a time: byte for byte as they are sent (RFC 9112, 3 and 5). */
final class Http1RequestSink implements RequestSink {
    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNKED = "Transfer-Encoding: chunked\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TO_WEBSOCKET =
            "Connection: Upgrade\r\nUpgrade: websocket\r\n".getBytes(StandardCharsets.US_ASCII);

    private final HeadBuffer out = new HeadBuffer();
    private @Nullable Http1RequestWriter writer;
    private boolean chunked;
    private boolean upgrade;

    /** Prepares for the head of a connection's request; the one before, if it was not ended, is dropped. */
    Http1RequestSink of(Http1RequestWriter next, boolean isChunked, boolean wantsUpgrade) {
        writer = next;
        chunked = isChunked;
        upgrade = wantsUpgrade;
        return this;
    }

    @Override
    public void begin(String method, CharSequence target, CharSequence authority) {
        out.clear().add(method).add(' ').add(target).add(VERSION).field("Host", authority);
    }

    @Override
    public void field(CharSequence name, CharSequence value) {
        out.field(name, value);
    }

    @Override
    public RequestSink beginField(CharSequence name) {
        out.add(name).add(':').add(' ');
        return this;
    }

    @Override
    public RequestSink part(CharSequence text) {
        out.add(text);
        return this;
    }

    @Override
    public void endField() {
        out.endLine();
    }

    @Override
    public void end() {
        if (chunked) {
            out.add(CHUNKED);
        }
        if (upgrade) {
            out.add(TO_WEBSOCKET);
        }
        out.endLine();
        Http1RequestWriter to = writer;
        writer = null;
        if (to != null) {
            to.writeHead(out);
        }
    }
}
