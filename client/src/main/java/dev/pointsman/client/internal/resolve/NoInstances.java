package dev.pointsman.client.internal.resolve;

import dev.pointsman.client.NoInstanceException;
import dev.pointsman.client.internal.follow.FollowedService;

/** The failure to pick an instance, for Vert.x's interfaces that declare no exception and pass on any. */
final class NoInstances {
    private NoInstances() {}

    /**
     * Throws a {@link NoInstanceException}, so that who made the request gets it as it is.
     *
     * @return never; for the caller's {@code throw}
     */
    static RuntimeException unchecked(FollowedService service) {
        throw NoInstances.<RuntimeException>undeclared(
                new NoInstanceException(service.address().toString(), service.whyNone()));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // the type is erased, the exception stays what it is
    private static <T extends Throwable> T undeclared(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
