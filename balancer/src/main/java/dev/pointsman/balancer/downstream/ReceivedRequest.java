package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.http.BodyFraming;
import dev.pointsman.balancer.http.ConnectionField;
import dev.pointsman.balancer.http.FieldKind;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as the decoder has received it so far: first its framing and connection options, read from its header
 * fields in one pass, then the body as it arrives.
 */
public final class ReceivedRequest {
    private final HttpHeaders fields;
    private final boolean persistent;
    private final boolean unmarked;
    private final ArrivingBody body = new ArrivingBody();
    private int hosts;
    private int codings;
    private boolean counted;
    private boolean connection;
    private boolean upgrade;
    private boolean expect;
    private boolean maxForwards;
    private @Nullable ResponseEndListener listener;

    /** A request in HTTP/1.1 or before, whose fields say whether it has a body. */
    public ReceivedRequest(HttpRequest head) {
        this(head, false);
    }

    /**
     * A request.
     *
     * @param unmarked whether a body follows that no field speaks of
     */
    public ReceivedRequest(HttpRequest head, boolean unmarked) {
        this.fields = head.headers();
        this.unmarked = unmarked;
        Iterator<Map.Entry<CharSequence, CharSequence>> all = fields.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = all.next();
            switch (FieldKind.of(field.getKey())) {
                case HOST -> hosts++;
                case TRANSFER_CODING -> codings++;
                case CONTENT_LENGTH -> counted = !isZero(field.getValue());
                case CONNECTION -> connection = true;
                case UPGRADE -> upgrade = true;
                case EXPECT -> expect = true;
                case MAX_FORWARDS -> maxForwards = true;
                default -> {
                    // Of no consequence here.
                }
            }
        }
        boolean close = connection && ConnectionField.has(fields, HttpHeaderValues.CLOSE);
        boolean keepAlive = connection && ConnectionField.has(fields, HttpHeaderValues.KEEP_ALIVE);
        this.persistent = !close && (keepAlive || !head.protocolVersion().equals(HttpVersion.HTTP_1_0));
    }

    private static boolean isZero(CharSequence length) {
        for (int i = 0; i < length.length(); i++) {
            if (length.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }

    public HttpHeaders fields() {
        return fields;
    }

    /** The number of Host fields. */
    public int hosts() {
        return hosts;
    }

    /** The number of Transfer-Encoding fields. */
    public int codings() {
        return codings;
    }

    /** The framing of the body (RFC 9112, 6.3), by fields that were found to be without contradiction. */
    public BodyFraming framing() {
        if (codings > 0 || unmarked) {
            return BodyFraming.CHUNKED;
        }
        return counted ? BodyFraming.CONTENT_LENGTH : BodyFraming.NONE;
    }

    /** Whether the connection ends with the response (RFC 9112, 9.3), as the client has it. */
    public boolean closes() {
        return !persistent;
    }

    /** Whether the client asks for another protocol. */
    public boolean hasUpgrade() {
        return upgrade && connection;
    }

    public boolean hasConnection() {
        return connection;
    }

    /** Whether the client waits for 100 before it sends its body (RFC 9110, 10.1.1). */
    public boolean expectsContinue() {
        return expect && fields.contains(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE, true);
    }

    public boolean hasMaxForwards() {
        return maxForwards;
    }

    /** Has the end of its response told to this listener alone. */
    public void onResponseEnd(ResponseEndListener told) {
        listener = told;
    }

    public void responseEnded() {
        ResponseEndListener told = listener;
        if (told != null) {
            told.responseEnded();
        }
    }

    /** The body, as it arrives. */
    public ArrivingBody body() {
        return body;
    }
}
