package dev.pointsman.balancer.filter;

import dev.pointsman.balancer.filter.PasswordCheck.AuthResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of the last checks of users and passwords. Held are digests made with a key that this process alone has, and
 * never a password. Those refused have a store of their own, so that guessing does not displace those granted. Thread-safe.
 */
final class KnownCredentials {
    private static final String HMAC = "HmacSHA256";
    private static final int MOST = 4096;
    private static final long GRANTED_FOR = TimeUnit.MINUTES.toNanos(15);
    private static final long REFUSED_FOR = TimeUnit.SECONDS.toNanos(30);

    private final LongSupplier nanos;
    /** Keyed, never used itself: each digest is made by a copy. */
    private final Mac keyed;

    private final Outcomes granted = new Outcomes();
    private final Outcomes refused = new Outcomes();

    /** A digest of a user, a password and a hash. */
    record Digest(long first, long second, long third, long fourth) {}

    /** Digests, each with when it ends; the oldest go first. */
    private static final class Outcomes extends LinkedHashMap<Digest, Long> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Long> eldest) {
            return size() > MOST;
        }
    }

    KnownCredentials(LongSupplier nanos) {
        this.nanos = nanos;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        try {
            this.keyed = Mac.getInstance(HMAC);
            keyed.init(new SecretKeySpec(secret, HMAC));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has " + HMAC, missing);
        }
    }

    private Mac mac() {
        try {
            return (Mac) keyed.clone();
        } catch (CloneNotSupportedException missing) {
            throw new IllegalStateException("that of every JDK can be copied", missing);
        }
    }

    Digest digest(String user, byte[] password, String hash) {
        Mac mac = mac();
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(8)
                .putInt(name.length)
                .putInt(password.length)
                .array());
        mac.update(name);
        mac.update(password);
        ByteBuffer bytes = ByteBuffer.wrap(mac.doFinal(hash.getBytes(StandardCharsets.US_ASCII)));
        return new Digest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /** What was found of it; null if nothing is known, or not any more. */
    @Nullable
    AuthResult find(Digest digest) {
        if (isIn(granted, digest)) {
            return AuthResult.GRANTED;
        }
        return isIn(refused, digest) ? AuthResult.REFUSED : null;
    }

    private boolean isIn(Outcomes outcomes, Digest digest) {
        synchronized (outcomes) {
            Long until = outcomes.get(digest);
            return until != null && until - nanos.getAsLong() > 0;
        }
    }

    void remember(Digest digest, AuthResult result) {
        boolean good = result == AuthResult.GRANTED;
        Outcomes outcomes = good ? granted : refused;
        long now = nanos.getAsLong();
        synchronized (outcomes) {
            outcomes.remove(digest);
            outcomes.put(digest, now + (good ? GRANTED_FOR : REFUSED_FOR));
            dropExpired(outcomes, now);
        }
    }

    private static void dropExpired(Outcomes outcomes, long now) {
        // In the order of their ends, as all of a store last equally long.
        Iterator<Long> ends = outcomes.values().iterator();
        while (ends.hasNext() && ends.next() - now <= 0) {
            ends.remove();
        }
    }
}
