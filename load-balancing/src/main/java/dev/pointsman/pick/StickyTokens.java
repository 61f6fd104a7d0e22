package dev.pointsman.pick;

import dev.pointsman.pool.Upstream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tokens that name instances in cookies: HMAC-SHA256 (RFC 2104) of node and id under a secret, the first 128 bits, in URL-safe
 * base64 without padding: 22 characters, all of them fit for a cookie. Without the secret, a
 * token reveals neither address nor id, and none can be forged. The same secret gives the same tokens everywhere; another one sends
 * every client to a new instance once. For one thread at a time.
 */
final class StickyTokens {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST_SECRET = 16;
    private static final int LENGTH = 16;

    private final Mac mac;

    StickyTokens(byte[] secret) {
        if (secret.length < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "secret: " + secret.length + " bytes (expected: " + SHORTEST_SECRET + " or more)");
        }
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM lacks " + ALGORITHM + ", which each has to have.", e);
        }
    }

    String of(Upstream upstream) {
        byte[] hash = mac.doFinal(upstream.name().getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, LENGTH));
    }
}
