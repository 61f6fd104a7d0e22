package dev.pointsman.pick;

import dev.pointsman.pool.RequestFacts;
import org.jspecify.annotations.Nullable;

/** The part of a request that is hashed. */
@FunctionalInterface
public interface HashKey {
    /** The key of a request; null or empty when the request has no such part. */
    @Nullable
    String of(RequestFacts request);

    /**
     * The client's address: all of its requests go together, as far as the address stays the same. (nginx's {@code
     * ip_hash}.)
     */
    static HashKey clientAddress() {
        return RequestFacts::clientAddress;
    }

    /** A header field's value: requests with the same one go together; any case of the name will do. */
    static HashKey header(String name) {
        return request -> request.header(name);
    }

    static HashKey cookie(String name) {
        return request -> request.cookie(name);
    }

    static HashKey queryParameter(String name) {
        return request -> request.queryParameter(name);
    }
}
