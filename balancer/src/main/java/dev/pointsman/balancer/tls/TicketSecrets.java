package dev.pointsman.balancer.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of which the keys of session tickets (RFC 5077, RFC 8446, 4.6.1) are made: tickets are issued by the first, and those of the
 * ones before are taken until these are forgotten. Whoever has them can read what is sent in resumed sessions of TLS 1.2, so that they
 * live in memory alone, and not for long. Immutable, thread-safe.
 */
public final class TicketSecrets {
    /** For so long tickets are issued by one secret; they are taken for twice that time after it. */
    public static final Duration PERIOD = Duration.ofHours(12);

    private static final int KEPT = 3;
    private static final int SECRET = 32;
    private static final String ALGORITHM = "HmacSHA512";

    private final SecureRandom random;
    /** The youngest first. */
    private final List<Secret> secrets;

    /** A secret and when it was made. */
    private record Secret(Instant since, SecretKey key) {}

    private TicketSecrets(SecureRandom random, List<Secret> secrets) {
        this.random = random;
        this.secrets = List.copyOf(secrets);
    }

    /**
     * A new secret, and none from before.
     *
     * @param random of which secrets are made
     */
    public static TicketSecrets begin(Instant now, SecureRandom random) {
        return new TicketSecrets(random, List.of(made(now, random)));
    }

    /**
     * Those of another process.
     *
     * @param texts as {@link #texts} has them
     * @return null where there is none that can be read
     */
    public static @Nullable TicketSecrets of(List<String> texts, SecureRandom random) {
        List<Secret> secrets = new ArrayList<>();
        for (String text : texts) {
            String[] parts = text.split(":", -1);
            try {
                byte[] key = Base64.getDecoder().decode(parts[parts.length - 1]);
                if (parts.length == 2 && key.length == SECRET && secrets.size() < KEPT) {
                    secrets.add(new Secret(
                            Instant.ofEpochSecond(Long.parseLong(parts[0])), new SecretKeySpec(key, ALGORITHM)));
                }
            } catch (IllegalArgumentException ofAnotherVersion) {
                // Without it its clients do a full handshake.
            }
        }
        return secrets.isEmpty() ? null : new TicketSecrets(random, secrets);
    }

    /** The secrets as text, for a process that takes the place of this one. Not to be logged. */
    public List<String> texts() {
        return secrets.stream()
                .map(each -> each.since().getEpochSecond() + ":"
                        + Base64.getEncoder().encodeToString(each.key().getEncoded()))
                .toList();
    }

    private static Secret made(Instant now, SecureRandom random) {
        byte[] key = new byte[SECRET];
        random.nextBytes(key);
        return new Secret(now, new SecretKeySpec(key, ALGORITHM));
    }

    /** These, or with a new one before them if the first has had its time, also where the clock was set meanwhile. */
    TicketSecrets renewed(Instant now) {
        if (Duration.between(secrets.get(0).since(), now).abs().compareTo(PERIOD) < 0) {
            return this;
        }
        List<Secret> next = new ArrayList<>(List.of(made(now, random)));
        next.addAll(secrets.subList(0, Math.min(secrets.size(), KEPT - 1)));
        return new TicketSecrets(random, next);
    }

    /**
     * The keys for one purpose, that for new tickets first. No key of one purpose takes a ticket of another one.
     *
     * @param purpose all that a session is bound to
     */
    OpenSslSessionTicketKey[] keys(byte[] purpose) {
        return secrets.stream().map(each -> key(each.key(), purpose)).toArray(OpenSslSessionTicketKey[]::new);
    }

    private static OpenSslSessionTicketKey key(SecretKey secret, byte[] purpose) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            byte[] made = mac.doFinal(purpose);
            int name = OpenSslSessionTicketKey.NAME_SIZE;
            int signing = name + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
            return new OpenSslSessionTicketKey(
                    Arrays.copyOfRange(made, 0, name),
                    Arrays.copyOfRange(made, name, signing),
                    Arrays.copyOfRange(made, signing, OpenSslSessionTicketKey.TICKET_KEY_SIZE));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JVM knows no " + ALGORITHM, impossible);
        }
    }

    /** How many there are; not the secrets. */
    @Override
    public String toString() {
        return secrets.size() + " secrets of tickets";
    }
}
