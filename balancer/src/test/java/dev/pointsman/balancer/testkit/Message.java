package dev.pointsman.balancer.testkit;

/**
 * A whole HTTP/1 message.
 *
 * @param body its content without framing, a byte a character
 * @param trailers empty if there were none
 */
public record Message(Head head, String body, Head trailers) {
    public int status() {
        return head.status();
    }
}
