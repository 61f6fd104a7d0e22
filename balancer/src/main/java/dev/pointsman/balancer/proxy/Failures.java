package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.downstream.RawReply;
import dev.pointsman.balancer.downstream.RequestIds;
import dev.pointsman.balancer.downstream.TlsInClearTextException;
import dev.pointsman.balancer.filter.GateReply.ReplyField;
import dev.pointsman.balancer.filter.RouteGate;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.tls.TlsFailedException;
import dev.pointsman.balancer.tls.TlsFlaw;
import dev.pointsman.balancer.upstream.BadResponseException;
import dev.pointsman.balancer.upstream.NoChannelException;
import dev.pointsman.balancer.upstream.NoLocalPortException;
import dev.pointsman.balancer.upstream.NotProcessedException;
import dev.pointsman.balancer.upstream.SharedFailureException;
import dev.pointsman.balancer.upstream.StaleConnectionException;
import dev.pointsman.http.RequestDecoder;
import dev.pointsman.pool.Outcome;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.ReadTimeoutException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * The mapping of exceptions to kinds of failures, and the response that a client gets for each kind. The only place
 * that looks at the types of exceptions.
 */
final class Failures {
    private Failures() {}

    /** The kind of a failure to connect. */
    static FailureKind ofConnecting(Throwable failure) {
        Throwable cause = SharedFailureException.unwrapped(failure);
        if (cause instanceof NoLocalPortException) {
            return FailureKind.NO_LOCAL_PORT;
        }
        if (NoChannelException.isShortage(cause)) {
            return FailureKind.OWN_SHORTAGE;
        }
        if (cause instanceof TlsFailedException failed) {
            return ofTls(failed.flaw());
        }
        return cause instanceof ConnectTimeoutException ? FailureKind.CONNECT_TIMEOUT : FailureKind.CONNECT_FAILED;
    }

    private static FailureKind ofTls(TlsFlaw flaw) {
        return switch (flaw) {
            case HANDSHAKE -> FailureKind.TLS_FAILED;
            case NOT_TRUSTED -> FailureKind.CERTIFICATE_NOT_TRUSTED;
            case EXPIRED -> FailureKind.CERTIFICATE_EXPIRED;
            case WRONG_NAME -> FailureKind.CERTIFICATE_NAME;
        };
    }

    /** What an attempt that failed says of its upstream: nothing where another one has said it of the same connection. */
    static Outcome blame(FailureKind kind, Throwable cause) {
        return cause instanceof SharedFailureException
                ? Outcome.UNDECIDED
                : kind.attempt().blame();
    }

    /** The kind of a failure to get a response. */
    static FailureKind ofWaiting(Throwable failure) {
        Throwable cause = SharedFailureException.unwrapped(failure);
        if (cause instanceof ReadTimeoutException) {
            return FailureKind.RESPONSE_TIMEOUT;
        }
        if (cause instanceof StaleConnectionException stale) {
            return stale.wasSent() ? FailureKind.STALE_CONNECTION : FailureKind.STALE_BEFORE_SENT;
        }
        if (cause instanceof NotProcessedException) {
            return FailureKind.NOT_PROCESSED;
        }
        if (NoChannelException.isShortage(cause)) {
            return FailureKind.OWN_SHORTAGE;
        }
        if (cause instanceof SSLException) {
            return FailureKind.TLS_BROKEN;
        }
        return cause instanceof BadResponseException ? FailureKind.BAD_RESPONSE : FailureKind.BROKEN_RESPONSE;
    }

    /** The kind of a failure to decode a request, see {@link RequestDecoder}. */
    static FailureKind ofDecoding(Throwable cause) {
        if (cause instanceof RequestDecoder.UnknownVersionException) {
            return FailureKind.UNKNOWN_VERSION;
        }
        if (cause instanceof TlsInClearTextException) {
            return FailureKind.TLS_IN_CLEAR_TEXT;
        }
        if (cause instanceof TooLongHttpLineException) {
            return FailureKind.TARGET_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException ? FailureKind.HEAD_TOO_LARGE : FailureKind.BAD_REQUEST;
    }

    /** The reply to a client that has sent no valid request. */
    static RawReply rawReply(FailureKind kind) {
        return new RawReply(kind.status(), kind.sentence());
    }

    /** Refuses a request as such. The connection ends with it: it is not known what the rest of it is meant to be. */
    static void refuse(UnroutedRequest unrouted, FailureKind kind) {
        unrouted.client().closeAfterResponse();
        unrouted.noteFailure(kind);
        reply(unrouted.request(), unrouted.client(), unrouted.id(), kind, fields -> {});
        unrouted.noteEnd();
    }

    /** Refuses a request as such, as {@link #refuse(UnroutedRequest, FailureKind)} does. */
    static void refuse(RoutedRequest routed, FailureKind kind) {
        routed.client().closeAfterResponse();
        reply(routed, kind);
    }

    static void reply(RoutedRequest routed, FailureKind kind) {
        reply(routed, kind, List.of());
    }

    /**
     * Replies in the place of an instance; what the request's route, if it has one, changes in responses is changed in this one, too.
     *
     * @param more fields besides those that every such reply has
     */
    static void reply(RoutedRequest routed, FailureKind kind, List<ReplyField> more) {
        routed.noteFailure(kind);
        reply(routed.request(), routed.client(), routed.id(), kind, fields -> {
            more.forEach(field -> fields.set(field.name(), field.value()));
            RouteGate gate = routed.gate();
            if (gate != null) {
                gate.changeResponse(fields, routed, null);
            }
            LiveExplanation explanation = routed.explanation();
            if (explanation != null) {
                explanation.addToOwn(fields, kind.status(), kind);
            }
        });
    }

    /**
     * Responds in the upstream's place, in one sentence: as JSON to clients that ask for it, else as plain text. Does
     * nothing once a head was sent.
     */
    private static void reply(
            HttpServerRequest request,
            ClientConnection client,
            String id,
            FailureKind kind,
            Consumer<HttpHeaders> more) {
        HttpServerResponse response = request.response();
        if (response.headWritten() || response.closed()) {
            return;
        }
        // An upstream may have begun to respond.
        response.headers().clear();
        if (GrpcCall.is(ClientRequest.fieldsOf(request))) {
            replyToGrpc(response, client, id, kind, more);
            return;
        }
        boolean json = wantsJson(ClientRequest.fieldsOf(request));
        response.setStatusCode(kind.status())
                .putHeader(HttpHeaderNames.CONTENT_TYPE, json ? "application/json" : "text/plain; charset=utf-8")
                .putHeader(RequestIds.FIELD, id);
        if (kind.status() == 503) {
            response.putHeader(HttpHeaderNames.RETRY_AFTER, "1");
        }
        if (kind == FailureKind.CONNECT_METHOD) {
            response.putHeader(HttpHeaderNames.ALLOW, RequestRules.METHODS);
        }
        more.accept(ClientRequest.fieldsOf(response));
        client.completeFields(response);
        String body = json ? json(kind, id) : text(kind, id);
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length()));
            response.end();
        } else {
            response.end(body);
        }
    }

    /** Clients of gRPC take no other status than 200 for an answer of the service's. */
    private static void replyToGrpc(
            HttpServerResponse response,
            ClientConnection client,
            String id,
            FailureKind kind,
            Consumer<HttpHeaders> more) {
        HttpHeaders fields = ClientRequest.fieldsOf(response);
        response.setStatusCode(200);
        GrpcStatus.tell(fields, kind, id);
        more.accept(fields);
        client.completeFields(response);
        response.end();
    }

    private static String text(FailureKind kind, String id) {
        return kind.status() + " " + kind.sentence() + " (request " + id + ")\n";
    }

    /** The JSON of a failure, in which no text needs escaping: ids are checked, and the rest is ours. */
    private static String json(FailureKind kind, String id) {
        return "{\"status\":" + kind.status() + ",\"error\":\"" + kind.code() + "\",\"message\":\"" + kind.sentence()
                + "\",\"requestId\":\"" + id + "\"}\n";
    }

    /** Whether JSON is named and text is not: browsers and curl name neither, and get text. */
    private static boolean wantsJson(HttpHeaders fields) {
        String accept = fields.get(HttpHeaderNames.ACCEPT);
        if (accept == null) {
            return false;
        }
        String types = accept.toLowerCase(Locale.ROOT);
        return types.contains("json") && !types.contains("text/");
    }
}
