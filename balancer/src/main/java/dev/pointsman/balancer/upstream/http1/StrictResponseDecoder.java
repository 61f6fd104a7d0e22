package dev.pointsman.balancer.upstream.http1;

import dev.pointsman.http.FieldNames;
import dev.pointsman.http.StartLine;
import dev.pointsman.http.StrictVersion;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The decoder of responses: Netty's, with the method of each request, strict where a response could be read in two ways,
 * and blind to bytes that can be no part of a response.
 */
final class StrictResponseDecoder extends HttpResponseDecoder {
    private @Nullable IntFunction<HttpHeaders> fields;
    private final StartLine startLine = new StartLine();
    private final Gate gate;
    private boolean toHead;

    /** The judge of bytes that have arrived and are not decoded yet. */
    interface Gate {
        /** Whether they may be part of a response; if not, they are dropped. */
        boolean mayDecode();
    }

    StrictResponseDecoder(HttpDecoderConfig config, Gate gate) {
        super(config);
        this.gate = gate;
    }

    /** Asks the gate before the first byte is looked at: Netty would skip line ends, and keep half a head for later. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (gate.mayDecode()) {
            super.channelRead(context, message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    /**
     * Prepares for the next response.
     *
     * @param responseToHead what it is a response to: the one to HEAD has no body, whatever its fields say (RFC 9112,
     *     6.3)
     * @param fieldsByStatus where its fields go
     */
    void expect(boolean responseToHead, IntFunction<HttpHeaders> fieldsByStatus) {
        toHead = responseToHead;
        fields = fieldsByStatus;
    }

    /** Lets go of what the last response was to: an idle connection would keep all of that request. */
    void expectNothing() {
        fields = null;
    }

    /** Whether bytes are left that belong to no response that was complete so far. */
    boolean hasMore() {
        return actualReadableBytes() > 0;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return super.isContentAlwaysEmpty(message)
                || (toHead && ((HttpResponse) message).status().code() >= 200);
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        startLine.first(start, length);
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        startLine.next(line, start, length);
        return super.splitSecondWordInitialLine(line, start, length);
    }

    /**
     * Makes a response of the status line (RFC 9112, 4): a version, a space, a status of three digits, and then a
     * reason or none.
     */
    @Override
    protected HttpMessage createMessage(String[] statusLine) {
        HttpVersion version = StrictVersion.parse(statusLine[0]);
        if (!startLine.isWellFormed() || version == null) {
            throw new IllegalArgumentException("not a status line of HTTP/1.1");
        }
        HttpResponseStatus status = status(statusLine[1], statusLine[2]);
        IntFunction<HttpHeaders> byStatus = fields;
        return new DefaultHttpResponse(
                version, status, byStatus == null ? headersFactory.newHeaders() : byStatus.apply(status.code()));
    }

    private static HttpResponseStatus status(String code, String phrase) {
        int number = 0;
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            number = c < '0' || c > '9' ? -1 : number * 10 + c - '0';
            if (number < 0) {
                break;
            }
        }
        if (code.length() != 3 || number < 100) {
            throw new IllegalArgumentException("status " + code);
        }
        for (int i = 0; i < phrase.length(); i++) {
            char c = phrase.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new IllegalArgumentException("control characters in the reason phrase");
            }
        }
        return HttpResponseStatus.valueOf(number, phrase);
    }

    /**
     * Reads a field's name, with a colon right behind it (RFC 9112, 5). Netty forgives a response what it does not
     * forgive a request.
     */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        int end = start + length;
        if (length == 0 || end >= line.length || line[end] != ':') {
            throw new IllegalArgumentException("a field that is not NAME: VALUE");
        }
        return FieldNames.of(line, start, length);
    }

    /**
     * Refuses a response with both a coding and a length, as smuggling uses it (RFC 9112, 6.3).
     */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
    }
}
