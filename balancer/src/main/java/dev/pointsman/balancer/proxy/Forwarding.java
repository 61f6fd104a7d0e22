package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.ForwardedFields;
import dev.pointsman.balancer.downstream.RequestIds;
import dev.pointsman.balancer.upstream.RequestSink;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header fields that tell an upstream where a request came from: X-Forwarded-For, -Proto, -Host and -Port, the
 * Forwarded of RFC 7239, or both; and X-Request-Id. They are made anew, because any client can send them; only when the
 * peer is a trusted proxy are its own kept, and the peer added at the end of them.
 */
final class Forwarding {
    private static final String FOR = "X-Forwarded-For";
    private static final String HOST = "X-Forwarded-Host";
    private static final String PORT = "X-Forwarded-Port";
    private static final String PREFIX = "X-Forwarded-Prefix";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final String CERTIFICATE_SUBJECT = "X-Client-Cert-Subject";
    private static final String FORWARDED = "Forwarded";

    private final ForwardedFields style;

    Forwarding(ForwardedFields style) {
        this.style = style;
    }

    /** Whether {@link #write} takes care of X-Forwarded-For; it passes as it is otherwise. */
    boolean writesFor() {
        return style.xForwarded();
    }

    void write(RoutedRequest routed, RequestSink out) {
        HttpHeaders fields = routed.fields();
        boolean trusted = routed.client().peer().isTrusted();
        String host = routed.host();
        if (style.xForwarded()) {
            writeFor(routed, trusted, out);
            writeUnlessKept(PROTO, routed.client().peer().scheme(), trusted, fields, out);
            writeUnlessKept(HOST, host, trusted, fields, out);
            writeUnlessKept(PORT, routed.client().peer().localPort(), trusted, fields, out);
        }
        writeUnlessKept(PREFIX, routed.strippedPrefix(), trusted, fields, out);
        if (style.rfc7239()) {
            writeForwarded(routed, host, out);
        }
        String subject = routed.client().peer().certificateSubject();
        if (subject != null) {
            out.field(CERTIFICATE_SUBJECT, subject);
        }
        out.field(RequestIds.FIELD, routed.id());
    }

    private static void writeFor(RoutedRequest routed, boolean trusted, RequestSink out) {
        out.beginField(FOR);
        if (trusted) {
            List<String> before = routed.fields().getAll(FOR);
            for (String way : before) {
                if (!way.isBlank()) {
                    out.part(way).part(", ");
                }
            }
        }
        out.part(routed.client().peer().address()).endField();
    }

    private static void writeUnlessKept(
            String name, @Nullable String value, boolean trusted, HttpHeaders fields, RequestSink out) {
        if (value != null && !(trusted && fields.contains(name))) {
            out.field(name, value);
        }
    }

    /** Writes one element of the list; those of trusted proxies before us stand in lines before it (RFC 7239, 4). */
    private static void writeForwarded(RoutedRequest routed, @Nullable String host, RequestSink out) {
        String address = routed.client().peer().address();
        out.beginField(FORWARDED).part("for=");
        if (address.indexOf(':') >= 0) {
            out.part("\"[").part(address).part("]\"");
        } else {
            out.part(address);
        }
        if (host != null) {
            out.part(";host=\"").part(host).part("\"");
        }
        out.part(";proto=").part(routed.client().peer().scheme()).endField();
    }
}
