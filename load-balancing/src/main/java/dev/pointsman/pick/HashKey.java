package dev.pointsman.pick;

import dev.pointsman.pool.RequestFacts;
import org.jspecify.annotations.Nullable;

/** The part of a request that is hashed. */
@FunctionalInterface
public interface HashKey {
    /** Null or empty when the request has no such thing. */
    @Nullable
    String of(RequestFacts request);

    /** All of a client's requests go together, as far as its address stays the same. (nginx's {@code ip_hash}.) */
    static HashKey clientAddress() {
        return RequestFacts::clientAddress;
    }

    /** Requests with the same value of a header field go together; any case of the name will do. */
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
