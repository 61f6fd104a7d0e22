package dev.pointsman.pick;

import dev.pointsman.pool.RequestFacts;
import org.jspecify.annotations.Nullable;

/** A request that brings the same value in every place, for policies that look in one of them. */
record TestRequest(String value) implements RequestFacts {
    @Override
    public @Nullable String clientAddress() {
        return value;
    }

    @Override
    public @Nullable String header(String name) {
        return value;
    }

    @Override
    public @Nullable String cookie(String name) {
        return value;
    }

    @Override
    public @Nullable String queryParameter(String name) {
        return value;
    }
}
