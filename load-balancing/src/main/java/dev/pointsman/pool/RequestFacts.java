package dev.pointsman.pool;

import org.jspecify.annotations.Nullable;

/**
 * What a policy may want to know of the request it picks for, asked only by those that go by requests: a hash, or sticky
 * sessions. Whoever has a request implements this on what stands for it already, so that picking makes no object.
 *
 * <p>All methods may answer null: there is no such thing, or the caller does not know. A policy then does without.
 */
public interface RequestFacts {
    /** Nothing is known. */
    RequestFacts NONE = new RequestFacts() {};

    /** The client's address, as far as it is trusted, without a port; equal clients give equal text. */
    default @Nullable String clientAddress() {
        return null;
    }

    /**
     * A header field's value, the first if there are several.
     *
     * @param name in any case
     */
    default @Nullable String header(String name) {
        return null;
    }

    /**
     * A cookie's value, as it was sent.
     *
     * @param name in the right case (RFC 6265, 5.3)
     */
    default @Nullable String cookie(String name) {
        return null;
    }

    /**
     * The value of a parameter of the query, decoded, the first if there are several.
     *
     * @param name in the right case
     */
    default @Nullable String queryParameter(String name) {
        return null;
    }
}
