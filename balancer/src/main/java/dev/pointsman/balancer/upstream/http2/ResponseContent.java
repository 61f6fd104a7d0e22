package dev.pointsman.balancer.upstream.http2;

import org.jspecify.annotations.Nullable;

/** The content of a response, as it is stated and as it comes: both have to be the same (RFC 9113, 8.1.1). */
final class ResponseContent {
    private static final long NOT_STATED = -1;

    private boolean toHead;
    private boolean bodiless;
    private boolean begun;
    private long stated = NOT_STATED;
    private long received;

    /** Notes whether the method is HEAD, the response to which has no content. */
    void expect(boolean isToHead) {
        toHead = isToHead;
    }

    /** Whether the head of the response has been received. */
    boolean hasHead() {
        return begun;
    }

    /** Takes the head of the final response; what is wrong with it, or null. */
    @Nullable
    String begin(int status, long length, boolean isEnd) {
        begun = true;
        stated = length;
        bodiless = toHead || status == 204 || status == 304;
        return isEnd && !bodiless && length > 0 ? "less content than Content-Length says" : null;
    }

    /** Takes the head after which bytes of another protocol come, any number. */
    void beginTunnel() {
        begun = true;
    }

    /** Takes so many bytes; what is wrong with them, or null. */
    @Nullable
    String add(int bytes) {
        received += bytes;
        boolean tooMany = stated >= 0 && !bodiless && received > stated;
        return !begun || (bodiless && bytes > 0) || tooMany ? "content that does not belong there" : null;
    }

    /** Takes the end; what is wrong with it, or null. */
    @Nullable
    String end() {
        return stated >= 0 && !bodiless && received != stated ? "less content than Content-Length says" : null;
    }
}
