package dev.pointsman.balancer.accesslog;

import dev.pointsman.balancer.observe.MaskedNames;
import dev.pointsman.balancer.observe.ObservedRequest;
import dev.pointsman.balancer.observe.RequestEnding;
import dev.pointsman.balancer.observe.RequestTrace;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.pool.Upstream;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All that a line can say of a request, by the names of placeholders; docs/access-log.md has their meanings. Immutable. */
final class LineFields {
    private static final String REQUEST_FIELD = ">";
    private static final String RESPONSE_FIELD = "<";

    private final MaskedNames masked;
    private final Map<String, LineField> byName = new LinkedHashMap<>();

    /** @param masked whose values are not written */
    LineFields(MaskedNames masked) {
        this.masked = masked;
        asked();
        went();
        became();
        took();
    }

    /** The field of that name; null if there is none. */
    @Nullable
    LineField find(String name) {
        if (name.startsWith(REQUEST_FIELD) && isFieldName(name, REQUEST_FIELD)) {
            return headerField(name.substring(REQUEST_FIELD.length()), ObservedRequest::fields);
        }
        if (name.startsWith(RESPONSE_FIELD) && isFieldName(name, RESPONSE_FIELD)) {
            return headerField(name.substring(RESPONSE_FIELD.length()), ObservedRequest::responseFields);
        }
        return byName.get(name);
    }

    /** The names of all that are not header fields, in the order of the documentation. */
    Set<String> names() {
        return byName.keySet();
    }

    private void asked() {
        text("method", ObservedRequest::method);
        byName.put("uri", (line, style, request) -> url(line, style, request.uri()));
        text("path", request -> path(request.uri()));
        byName.put("query", (line, style, request) -> style.masked(line, query(request.uri()), masked, 0));
        text("scheme", ObservedRequest::scheme);
        text("host", ObservedRequest::host);
        text("protocol", request -> protocol(request.protocolVersion()));
        text("client", ObservedRequest::originAddress);
        text("peer", ObservedRequest::peerAddress);
    }

    private void went() {
        text("route", ObservedRequest::observedRoute);
        text("service", ObservedRequest::service);
        text("instance", request -> {
            Upstream upstream = request.lastUpstream();
            return upstream == null ? null : upstream.key().id();
        });
        text("address", request -> {
            Upstream upstream = request.lastUpstream();
            return upstream == null ? null : upstream.instance().authority();
        });
        byName.put("attempts", (line, style, request) -> style.number(line, request.attempts()));
    }

    private void became() {
        byName.put("status", (line, style, request) -> style.number(line, request.status()));
        text("ending", request -> ending(request.ending()));
        text("failure", request -> {
            FailureKind failure = request.failure();
            return failure == null ? null : failure.code();
        });
        byName.put("request-bytes", (line, style, request) -> style.number(line, request.requestBytes()));
        byName.put("response-bytes", (line, style, request) -> style.number(line, request.responseBytes()));
        text("id", ObservedRequest::id);
        text("trace", request -> {
            RequestTrace trace = request.trace();
            return trace == null ? null : trace.traceId();
        });
    }

    private void took() {
        byName.put("time", (line, style, request) -> {
            style.quote(line);
            line.dates().iso(line, began(line, request));
            style.quote(line);
        });
        byName.put("time-common", (line, style, request) -> {
            style.quote(line);
            line.dates().common(line, began(line, request));
            style.quote(line);
        });
        seconds("duration", ObservedRequest::durationNanos);
        seconds("waited", ObservedRequest::waitedNanos);
        seconds("connect", ObservedRequest::connectNanos);
        seconds("first-byte", ObservedRequest::firstByteNanos);
        seconds("body", ObservedRequest::bodyNanos);
    }

    private interface NanosOf {
        long of(ObservedRequest request);
    }

    private void text(String name, Function<ObservedRequest, @Nullable String> value) {
        byName.put(name, (line, style, request) -> style.text(line, value.apply(request)));
    }

    private void seconds(String name, NanosOf nanos) {
        byName.put(name, (line, style, request) -> style.seconds(line, nanos.of(request)));
    }

    private LineField headerField(String text, Function<ObservedRequest, HttpHeaders> fields) {
        // Keeps its hash, by which it is looked for.
        AsciiString name = AsciiString.cached(text);
        return masked.coversField(text)
                ? (line, style, request) -> {
                    if (fields.apply(request).contains(name)) {
                        style.mask(line);
                    } else {
                        style.none(line);
                    }
                }
                // Referer, Location and others have URLs with parameters.
                : (line, style, request) ->
                        url(line, style, fields.apply(request).get(name));
    }

    private static boolean isFieldName(String name, String after) {
        return name.length() > after.length()
                && name.chars().skip(after.length()).allMatch(c -> c > ' ' && c < 0x7f && c != ':');
    }

    private void url(Line line, ValueStyle style, @Nullable String url) {
        String shown = url == null || masked.isEmpty() ? url : withoutPassword(url);
        style.masked(line, shown, masked, shown == null ? -1 : MaskedNames.firstParameter(shown));
    }

    /** Without the password that an absolute URL may have before its host (RFC 3986, 3.2.1). */
    private static String withoutPassword(String url) {
        int scheme = url.startsWith("/") ? -1 : url.indexOf("://");
        if (scheme < 0) {
            return url;
        }
        int begin = scheme + 3;
        int end = begin;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        int host = url.lastIndexOf('@', end - 1);
        int password = url.indexOf(':', begin) + 1;
        return password > 0 && password <= host ? url.substring(0, password) + "***" + url.substring(host) : url;
    }

    private static String path(String uri) {
        int end = uri.indexOf('?');
        String before = end < 0 ? uri : uri.substring(0, end);
        int authority = before.startsWith("/") ? -1 : before.indexOf("://");
        if (authority < 0) {
            return before;
        }
        int begin = before.indexOf('/', authority + 3);
        return begin < 0 ? "/" : before.substring(begin);
    }

    private static @Nullable String query(String uri) {
        int begin = uri.indexOf('?');
        return begin < 0 ? null : uri.substring(begin + 1);
    }

    private static String protocol(String version) {
        return switch (version) {
            case "1.1" -> "HTTP/1.1";
            case "1.0" -> "HTTP/1.0";
            default -> "HTTP/" + version;
        };
    }

    static String ending(RequestEnding ending) {
        return switch (ending) {
            case COMPLETE -> "complete";
            case CUT_SHORT -> "cut-short";
            case CLIENT_GONE -> "client-gone";
        };
    }

    private static long began(Line line, ObservedRequest request) {
        return line.endedMillis() - request.durationNanos() / 1_000_000;
    }
}
