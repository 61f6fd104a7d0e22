package dev.pointsman.balancer.upstream.http1;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The framing and the connection options of a response, read from its header fields in one pass. */
final class ResponseHead {
    private static final Pattern TIMEOUT = Pattern.compile("(?i)(?:^|[,\\s])timeout\\s*=\\s*(\\d{1,6})");

    /** The time taken off a keep-alive timeout, for the way back and for clocks that tick differently. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");

    private final HttpResponse response;
    private int codings;
    private @Nullable CharSequence coding;
    private @Nullable CharSequence keepAlive;
    private boolean length;
    private boolean connection;

    ResponseHead(HttpResponse response) {
        this.response = response;
        Iterator<Map.Entry<CharSequence, CharSequence>> fields =
                response.headers().iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            look(field.getKey(), field.getValue());
        }
    }

    private void look(CharSequence name, CharSequence value) {
        switch (name.length()) {
            case 10 -> {
                if (HttpHeaderNames.CONNECTION.contentEqualsIgnoreCase(name)) {
                    connection = true;
                } else if (KEEP_ALIVE.contentEqualsIgnoreCase(name)) {
                    keepAlive = value;
                }
            }
            case 14 -> length |= HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name);
            case 17 -> {
                if (HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name)) {
                    codings++;
                    coding = value;
                }
            }
            default -> {
                // Of no consequence here.
            }
        }
    }

    /** The fault in the framing of a response that the decoder let pass, or null. */
    @Nullable
    String flaw() {
        CharSequence only = coding;
        if (only == null) {
            return null;
        }
        if (codings > 1 || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(AsciiString.trim(only))) {
            return "a Transfer-Encoding that is not chunked";
        }
        return response.protocolVersion().equals(HttpVersion.HTTP_1_0) ? "Transfer-Encoding in HTTP/1.0" : null;
    }

    /** Whether nothing says where the body ends. */
    boolean isUnframed() {
        return !length && codings == 0;
    }

    /**
     * The nanoseconds for which the connection of this response may be idle and then be used again; 0 if not at all.
     * Less than the upstream waits before it closes it, or a request would meet the closing halfway. Many servers say
     * how long that is ({@code Keep-Alive: timeout=5}).
     */
    long keepAliveNanos(Duration unlessSaid) {
        if (!staysOpen()) {
            return 0;
        }
        Matcher timeout = keepAlive == null ? null : TIMEOUT.matcher(keepAlive);
        if (timeout == null || !timeout.find()) {
            return unlessSaid.toNanos();
        }
        Duration stated = Duration.ofSeconds(Long.parseLong(timeout.group(1))).minus(MARGIN);
        return stated.isNegative() ? 0 : stated.toNanos();
    }

    /** Whether the connection persists after this response (RFC 9112, 9.3). */
    private boolean staysOpen() {
        HttpHeaders fields = response.headers();
        if (response.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return connection && fields.containsValue(HttpHeaderNames.CONNECTION, KEEP_ALIVE, true);
        }
        return !connection || !fields.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    }
}
