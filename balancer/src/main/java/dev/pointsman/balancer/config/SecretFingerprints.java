package dev.pointsman.balancer.config;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Short texts by which the secrets of two balancers can be compared without being shown. Each is four hexadecimal digits of what
 * PBKDF2 (RFC 8018) makes of the secret with {@value #ROUNDS} rounds. So few, because each would help whoever guesses: one guess in
 * 65,536 fits by chance, which leaves a list of likely secrets with many that fit, at some 10 ms of computing for each try. And two balancers
 * whose secrets differ look alike as seldom. Immutable.
 *
 * @param sticky of the secret of sticky cookies; null where none is configured, and all balancers use the same
 * @param explain of the secret that explains requests; null where none is configured
 */
public record SecretFingerprints(
        @Nullable String sticky, @Nullable String explain) {
    private static final int ROUNDS = 20_000;
    private static final int BITS = 16;

    /** The fingerprints of a configuration's secrets. Takes some 10 ms of computing for each. */
    public static SecretFingerprints of(BalancerConfig config) {
        ExplainSecret explain = config.explainSecret();
        return new SecretFingerprints(
                config.stickySecret().isEmpty() ? null : fingerprint("sticky-secret", config.stickySecret()),
                explain == null ? null : fingerprint("explain-secret", explain.text()));
    }

    /** @param use so that one secret in two places has two fingerprints */
    private static String fingerprint(String use, String secret) {
        PBEKeySpec spec = new PBEKeySpec(
                secret.toCharArray(), ("pointsman " + use).getBytes(StandardCharsets.UTF_8), ROUNDS, BITS);
        try {
            return HexFormat.of()
                    .formatHex(SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(spec)
                            .getEncoded());
        } catch (GeneralSecurityException noSuchAlgorithm) {
            throw new IllegalStateException("this JVM has no PBKDF2 with HMAC-SHA-256", noSuchAlgorithm);
        } finally {
            spec.clearPassword();
        }
    }
}
