package dev.pointsman.balancer.downstream.http2;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * One field section as it was decoded, unchecked, but for the one thing that is lost here: pseudo fields come first when it is read,
 * wherever they were sent. For one event loop.
 */
final class FieldSection extends DefaultHttp2Headers {
    private static final int USUAL_FIELDS = 16;

    private boolean anyField;
    private boolean pseudoBehind;

    FieldSection() {
        super(false, USUAL_FIELDS);
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (name.length() > 0 && name.charAt(0) == ':') {
            pseudoBehind |= anyField;
        } else {
            anyField = true;
        }
        return super.add(name, value);
    }

    /** Whether a pseudo field came behind another field, which makes a request malformed (RFC 9113, 8.3). */
    boolean hasPseudoBehind() {
        return pseudoBehind;
    }
}
