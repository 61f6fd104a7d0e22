package dev.pointsman.pool;

import org.jspecify.annotations.Nullable;

/**
 * The facts of a request that policies may go by, as a hash or sticky sessions do. To be implemented by the object that
 * represents the request anyway, so that picking makes no object.
 *
 * <p>All methods may return null: the request has no such thing, or the caller does not know it. A policy then does without.
 */
public interface RequestFacts {
    /** The facts of a request about which nothing is known. */
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
