package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.ClientConnection;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The relay of the interim responses of one attempt (RFC 9110, 15.2), which have no flow control of their own: how much of them there may
 * be is bounded, as a client that does not read would have us hold it all.
 */
final class InterimRelay {
    /** Bytes of all of them, each counted with what it costs us besides. */
    private static final int MOST = 256 * 1024;

    private static final int OVERHEAD = 128;

    private final RoutedRequest routed;
    private final @Nullable RequestBodyRelay body;
    private int bytes;

    /** What became of one. */
    enum Relayed {
        SENT,
        WITHHELD,
        TOO_MUCH
    }

    InterimRelay(RoutedRequest routed, @Nullable RequestBodyRelay body) {
        this.routed = routed;
        this.body = body;
    }

    Relayed relay(HttpResponse interim) {
        bytes += size(interim);
        if (bytes > MOST) {
            return Relayed.TOO_MUCH;
        }
        if (interim.status().code() == 100 && body != null && body.waitsForContinue()) {
            body.continueReceived();
            return Relayed.WITHHELD;
        }
        return routed.client().sendInterim(interim, routed.request()) == ClientConnection.InterimOutcome.SENT
                ? Relayed.SENT
                : Relayed.WITHHELD;
    }

    private static int size(HttpResponse interim) {
        int size = OVERHEAD;
        Iterator<Map.Entry<CharSequence, CharSequence>> fields =
                interim.headers().iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            size += OVERHEAD + field.getKey().length() + field.getValue().length();
        }
        return size;
    }
}
