package dev.pointsman.balancer.trace;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** A source of random ids, none of them zero. For one event loop. */
final class TraceIds {
    private static final HexFormat HEX = HexFormat.of();

    private final LongSupplier random;

    /** Ids of random numbers. */
    TraceIds(LongSupplier random) {
        this.random = random;
    }

    /** Ids that no other loop and no other process has. */
    static TraceIds unique() {
        return new TraceIds(new SplittableRandom(new SecureRandom().nextLong())::nextLong);
    }

    /** 32 lower-case hexadecimal digits. */
    String traceId() {
        return HEX.toHexDigits(random.getAsLong()) + HEX.toHexDigits(notZero());
    }

    /** 16 lower-case hexadecimal digits. */
    String spanId() {
        return HEX.toHexDigits(notZero());
    }

    private long notZero() {
        long next = random.getAsLong();
        while (next == 0) {
            next = random.getAsLong();
        }
        return next;
    }
}
