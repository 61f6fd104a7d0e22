package dev.pointsman.balancer.upstream;

/**
 * The receiver of a request's head, part by part in the order in which it is sent: as bytes in HTTP/1.1, as pseudo fields and
 * fields in HTTP/2. What frames the body, and what concerns one connection alone, is the receiver's. For one event loop.
 */
public interface RequestSink {
    /**
     * Begins the head.
     *
     * @param target in origin form, or {@code *}
     * @param authority the host, with or without a port, that the upstream is asked for
     */
    void begin(String method, CharSequence target, CharSequence authority);

    /** Adds a field, whose name and value have been checked. */
    void field(CharSequence name, CharSequence value);

    /** Begins a field whose value comes in parts. */
    RequestSink beginField(CharSequence name);

    /** Adds a part of the value. */
    RequestSink part(CharSequence text);

    /** Ends a field whose value came in parts. */
    void endField();

    /** Ends the head, and passes it on to be sent with the next flush. */
    void end();
}
