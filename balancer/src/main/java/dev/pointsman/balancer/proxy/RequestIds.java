package dev.pointsman.balancer.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Ids by which one request can be found in the logs of everyone it passed: 128 random bits, unless a trusted proxy gave
 * it one already. Not a secret. For one event loop.
 */
final class RequestIds {
    static final String FIELD = "X-Request-Id";

    /** What others choose as an id goes into logs and answers, so not everything is taken. */
    private static final int LONGEST = 128;

    private static final HexFormat HEX = HexFormat.of();

    private final RandomGenerator random;

    RequestIds(RandomGenerator random) {
        this.random = random;
    }

    String idOf(HttpHeaders fields, boolean trusted) {
        String given = trusted ? fields.get(FIELD) : null;
        return given != null && isPlain(given) ? given : make();
    }

    String make() {
        return HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong());
    }

    private static boolean isPlain(String id) {
        return !id.isEmpty()
                && id.length() <= LONGEST
                && id.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
    }
}
