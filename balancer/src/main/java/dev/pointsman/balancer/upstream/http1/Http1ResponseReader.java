package dev.pointsman.balancer.upstream.http1;

import dev.pointsman.balancer.upstream.BadResponseException;
import dev.pointsman.balancer.upstream.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;

/**
 * The responses of a connection to an instance as they come in, one at a time: what was decoded is checked, and passed on to the listener of
 * the request. For one event loop.
 */
final class Http1ResponseReader {
    private final Http1UpstreamConnection connection;
    private final StrictResponseDecoder decoder;
    private final Duration keepAlive;

    /**
     * The reader of one connection.
     *
     * @param keepAlive for how long a connection may be idle whose instance says nothing of it
     */
    Http1ResponseReader(Http1UpstreamConnection connection, StrictResponseDecoder decoder, Duration keepAlive) {
        this.connection = connection;
        this.decoder = decoder;
        this.keepAlive = keepAlive;
    }

    /** Takes what the decoder made of the bytes that came; released here. */
    void take(Object message, ResponseListener responses) {
        if (message instanceof ByteBuf bytes) {
            pass(bytes, responses);
        } else if (message instanceof HttpResponse response) {
            head(response, responses);
        } else if (message instanceof HttpContent content) {
            body(content, responses);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private static void pass(ByteBuf bytes, ResponseListener responses) {
        if (bytes.isReadable()) {
            responses.chunk(bytes);
        } else {
            bytes.release();
        }
    }

    private void head(HttpResponse response, ResponseListener responses) {
        Throwable unreadable = response.decoderResult().cause();
        ResponseHead head = new ResponseHead(response);
        String flaw = head.flaw();
        int status = response.status().code();
        if (unreadable != null) {
            connection.refuse(new BadResponseException(unreadable));
        } else if (flaw != null) {
            connection.refuse(new BadResponseException(flaw));
        } else if (status < 200 && status != 101) {
            responses.interim(response);
        } else {
            connection.responseBegan(afterHead(response, head), head.keepAliveNanos(keepAlive));
            responses.head(response);
        }
    }

    private ConnectionState afterHead(HttpResponse response, ResponseHead head) {
        if (response.status().code() == 101) {
            return ConnectionState.TUNNEL;
        }
        // RFC 9112, 6.3: only then is the end of the connection the end of the body.
        return head.isUnframed() && !decoder.isContentAlwaysEmpty(response)
                ? ConnectionState.RECEIVING_UNTIL_CLOSE
                : ConnectionState.RECEIVING;
    }

    private void body(HttpContent content, ResponseListener responses) {
        if (!connection.isReceivingBody()) {
            // What ends a 101 or another interim response for the decoder is not the end of anything.
            content.release();
            return;
        }
        Throwable unreadable = content.decoderResult().cause();
        if (unreadable != null) {
            content.release();
            connection.refuse(new BadResponseException(unreadable));
            return;
        }
        pass(content.content(), responses);
        // The listener may have closed the connection when it got the chunk.
        if (content instanceof LastHttpContent last && connection.tells(responses)) {
            responses.end(last.trailingHeaders());
        }
    }
}
