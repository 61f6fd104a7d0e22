package dev.pointsman.balancer.proxy;

import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** What becomes known about a request only while its body arrives. */
final class RequestTail {
    private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
    private @Nullable Throwable failure;
    private @Nullable Runnable onFailure;

    void trailers(HttpHeaders came) {
        trailers = came;
    }

    /** The trailer section, complete when the body is. */
    HttpHeaders trailers() {
        return trailers;
    }

    void fail(Throwable cause) {
        failure = cause;
        Runnable listener = onFailure;
        if (listener != null) {
            listener.run();
        }
    }

    boolean isMalformed() {
        return failure != null;
    }

    /** Calls back when it turns out that the body is malformed and will never end. */
    void onFailure(Runnable listener) {
        onFailure = listener;
    }
}
