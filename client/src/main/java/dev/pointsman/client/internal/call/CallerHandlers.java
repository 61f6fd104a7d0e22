package dev.pointsman.client.internal.call;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import org.jspecify.annotations.Nullable;

/** What the caller wants to be told before there is a response, whichever instance it is that tells. For the call's context alone. */
final class CallerHandlers {
    private @Nullable Handler<Void> onContinue;
    private @Nullable Handler<MultiMap> onEarlyHints;
    private @Nullable Handler<Void> onDrain;

    void onContinue(@Nullable Handler<Void> handler) {
        onContinue = handler;
    }

    void onEarlyHints(@Nullable Handler<MultiMap> handler) {
        onEarlyHints = handler;
    }

    void onDrain(@Nullable Handler<Void> handler) {
        onDrain = handler;
    }

    /** Whether the caller waits until more of the body can be written. */
    boolean awaitsDrain() {
        return onDrain != null;
    }

    /** More of the body can be written. */
    void drained() {
        if (onDrain != null) {
            onDrain.handle(null);
        }
    }

    /** Has a request to an instance, of which nothing was sent yet, tell what comes before its response. */
    void listenTo(HttpClientRequest request) {
        if (onContinue != null) {
            request.continueHandler(go -> continued());
        }
        if (onEarlyHints != null) {
            request.earlyHintsHandler(onEarlyHints);
        }
    }

    /** The caller is to write the body: once, however many instances ask for it. */
    private void continued() {
        Handler<Void> handler = onContinue;
        onContinue = null;
        if (handler != null) {
            handler.handle(null);
        }
    }
}
