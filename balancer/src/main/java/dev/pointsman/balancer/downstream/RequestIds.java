package dev.pointsman.balancer.downstream;

import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * The maker of request ids, by which a request can be found in the logs of all programs that it passed: 128 random
 * bits, unless a trusted proxy gave it one already. Not a secret. For one event loop.
 */
public final class RequestIds {
    public static final String FIELD = "X-Request-Id";

    /** The longest id that is accepted of others, since it goes into logs and responses. */
    private static final int LONGEST = 128;

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final RandomGenerator random;

    public RequestIds(RandomGenerator random) {
        this.random = random;
    }

    /** The id that a trusted proxy gave the request, or a new one. Called once for each request. */
    public String assign(HttpHeaders fields, boolean trusted) {
        // An id of any other client's is not even looked at.
        String given = trusted ? fields.get(FIELD) : null;
        return given != null && isPlain(given) ? given : make();
    }

    /** Bytes for what has to be new, and need not be secret. */
    public byte[] randomBytes(int number) {
        byte[] bytes = new byte[number];
        random.nextBytes(bytes);
        return bytes;
    }

    private String make() {
        byte[] digits = new byte[32];
        write(random.nextLong(), digits, 0);
        write(random.nextLong(), digits, 16);
        return new String(digits, StandardCharsets.ISO_8859_1);
    }

    private static void write(long bits, byte[] to, int start) {
        long left = bits;
        for (int i = start + 15; i >= start; i--) {
            to[i] = DIGITS[(int) left & 0xf];
            left >>>= 4;
        }
    }

    private static boolean isPlain(String id) {
        return !id.isEmpty()
                && id.length() <= LONGEST
                && id.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
    }
}
