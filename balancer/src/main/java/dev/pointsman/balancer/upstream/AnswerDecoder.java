package dev.pointsman.balancer.upstream;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Netty's decoder of answers, told what was asked, and strict where an answer could be read in two ways. */
final class AnswerDecoder extends HttpResponseDecoder {
    private boolean toHead;

    AnswerDecoder(HttpDecoderConfig config) {
        super(config);
    }

    /** What the next answer is an answer to: the one to HEAD has no body, whatever its fields say (RFC 9112, 6.3). */
    void expect(boolean answerToHead) {
        toHead = answerToHead;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return super.isContentAlwaysEmpty(message)
                || (toHead && ((HttpResponse) message).status().code() >= 200);
    }

    /** RFC 9112, 4: a status is three digits, no less and no more. */
    @Override
    protected HttpMessage createMessage(String[] statusLine) {
        HttpVersion version = HttpVersion.valueOf(statusLine[0]);
        String code = statusLine[1];
        if (version.majorVersion() != 1) {
            throw new IllegalArgumentException("HTTP version " + statusLine[0]);
        }
        if (code.length() != 3 || !code.chars().allMatch(c -> c >= '0' && c <= '9') || code.charAt(0) == '0') {
            throw new IllegalArgumentException("status " + code);
        }
        String phrase = statusLine[2];
        if (phrase.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
            throw new IllegalArgumentException("control characters in the reason phrase");
        }
        HttpResponseStatus status = HttpResponseStatus.valueOf(Integer.parseInt(code), phrase);
        return new DefaultHttpResponse(version, status, headersFactory.newHeaders());
    }

    /** RFC 9112, 5: a name, and a colon right behind it. Netty forgives an answer what it does not forgive a request. */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        int end = start + length;
        if (length == 0 || end >= line.length || line[end] != ':') {
            throw new IllegalArgumentException("a field that is not NAME: VALUE");
        }
        return super.splitHeaderName(line, start, length);
    }

    /** A length that a coding makes void is what smuggling is made of: such an answer is not believed (RFC 9112, 6.3). */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
    }

    /** What is wrong with the framing of an answer that the decoder let pass, or null. */
    static @Nullable String flaw(HttpResponse answer) {
        HttpHeaders fields = answer.headers();
        List<String> codings = fields.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return null;
        }
        if (codings.size() > 1
                || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
                        codings.get(0).strip())) {
            return "Transfer-Encoding " + String.join(", ", codings);
        }
        return answer.protocolVersion().minorVersion() == 0 ? "Transfer-Encoding in HTTP/1.0" : null;
    }
}
