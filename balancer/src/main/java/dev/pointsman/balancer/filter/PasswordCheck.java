package dev.pointsman.balancer.filter;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import dev.pointsman.balancer.route.Htpasswd;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The check of users and passwords (Basic; RFC 7617) against an htpasswd file. Bcrypt takes tens of milliseconds by design, so
 * it runs on threads of its own, and what was found is remembered for a while, see {@link KnownCredentials}. An unknown user
 * takes as long as a wrong password. Thread-safe.
 */
final class PasswordCheck {
    private static final String SCHEME = "Basic ";

    /** Beyond it nothing is a user and a password. */
    private static final int LONGEST = 1024;

    private static final BCrypt.Verifyer BCRYPT =
            BCrypt.verifyer(BCrypt.Version.VERSION_2Y, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2Y));

    private final UserFile file;
    private final KnownCredentials known;
    private final Executor workers;

    /** Credentials that are being looked at, so that many requests with the same wait for one look. */
    private final Map<KnownCredentials.Digest, CompletableFuture<AuthResult>> pending = new ConcurrentHashMap<>();

    /** The outcome of a check. */
    enum AuthResult {
        GRANTED,
        REFUSED,
        /** Too many passwords wait to be looked at. */
        OVERLOADED
    }

    /** A user and a password as they were sent. */
    private static final class Credentials {
        private final String user;
        private final byte[] password;

        private Credentials(String user, byte[] password) {
            this.user = user;
            this.password = password;
        }

        /** Reads the value of Authorization; null if it is none of Basic. */
        static @Nullable Credentials of(@Nullable String authorization) {
            if (authorization == null
                    || authorization.length() > LONGEST
                    || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                return null;
            }
            byte[] pair;
            try {
                pair = Base64.getDecoder()
                        .decode(authorization.substring(SCHEME.length()).strip());
            } catch (IllegalArgumentException notBase64) {
                return null;
            }
            for (int i = 0; i < pair.length; i++) {
                if (pair[i] == ':') {
                    return new Credentials(
                            new String(pair, 0, i, StandardCharsets.UTF_8),
                            Arrays.copyOfRange(pair, i + 1, pair.length));
                }
            }
            return null;
        }
    }

    PasswordCheck(UserFile file, KnownCredentials known, Executor workers) {
        this.file = file;
        this.known = known;
        this.workers = workers;
    }

    /** What is known without looking any further; null if {@link #ask} has to be called. Does not block. */
    @Nullable
    AuthResult lookUp(@Nullable String authorization) {
        Credentials given = Credentials.of(authorization);
        if (given == null) {
            return AuthResult.REFUSED;
        }
        Htpasswd users = file.current();
        return users == null ? null : known.find(digest(given, users));
    }

    /**
     * Checks credentials that {@link #lookUp} does not know.
     *
     * @param done called once, on any thread
     */
    void ask(String authorization, Consumer<AuthResult> done) {
        Credentials given = Credentials.of(authorization);
        if (given == null) {
            done.accept(AuthResult.REFUSED);
            return;
        }
        KnownCredentials.Digest asked = known.digest(given.user, given.password, "");
        CompletableFuture<AuthResult> mine = new CompletableFuture<>();
        CompletableFuture<AuthResult> first = pending.putIfAbsent(asked, mine);
        if (first != null) {
            var unused = first.thenAccept(done);
            return;
        }
        var unused = mine.thenAccept(done);
        try {
            workers.execute(() -> finish(asked, mine, given));
        } catch (RejectedExecutionException full) {
            pending.remove(asked, mine);
            mine.complete(AuthResult.OVERLOADED);
        }
    }

    private void finish(KnownCredentials.Digest asked, CompletableFuture<AuthResult> result, Credentials given) {
        AuthResult found = AuthResult.REFUSED;
        try {
            found = check(given);
        } finally {
            pending.remove(asked, result);
            result.complete(found);
        }
    }

    private AuthResult check(Credentials given) {
        Htpasswd users = file.refresh();
        KnownCredentials.Digest digest = digest(given, users);
        AuthResult before = known.find(digest);
        if (before != null) {
            return before;
        }
        String hash = users.hashes().get(given.user);
        boolean matches = matches(given.password, hash == null ? ofNobody(users) : hash);
        // What follows a zero byte does not count for bcrypt.
        boolean whole = new String(given.password, StandardCharsets.ISO_8859_1).indexOf(0) < 0;
        AuthResult result = hash != null && matches && whole ? AuthResult.GRANTED : AuthResult.REFUSED;
        known.remember(digest, result);
        return result;
    }

    /** A hash that takes as long as those of the file, for a user that is not in it. */
    private static String ofNobody(Htpasswd users) {
        String salt = users.hashes().values().stream().findFirst().orElse("$2y$10$abcdefghijklmnopqrstuu");
        return salt.substring(0, 29) + "A".repeat(31);
    }

    private static boolean matches(byte[] password, String hash) {
        return BCRYPT.verify(password, hash.getBytes(StandardCharsets.US_ASCII)).verified;
    }

    /** Of the user's hash, too, so that what is known of a user ends when the hash changes. */
    private KnownCredentials.Digest digest(Credentials given, Htpasswd users) {
        return known.digest(given.user, given.password, users.hashes().getOrDefault(given.user, "-"));
    }
}
