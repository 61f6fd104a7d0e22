package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.config.AdminAccess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The token that changes have to show: of the configuration in force, or in its file as that is now. Blocks on the disk where
 * there is a file, at most once a second. Thread-safe.
 */
final class AdminTokens {
    private static final long READ_AGAIN = TimeUnit.SECONDS.toNanos(1);
    private static final String SCHEME = "Bearer ";

    private final Supplier<AdminAccess> access;
    private final LongSupplier nanoTime;
    private @Nullable Path readFrom;
    private @Nullable String read;
    private long readAt;

    /** The results of a check. */
    enum TokenVerdict {
        RIGHT,
        /** Another one, or none, was shown. */
        WRONG,
        /** There is none that could be shown. */
        NO_TOKEN,
        /** Its file holds none by now. */
        NO_TOKEN_IN_FILE
    }

    AdminTokens(Supplier<AdminAccess> access, LongSupplier nanoTime) {
        this.access = access;
        this.nanoTime = nanoTime;
    }

    /** Whether a check may block. */
    boolean readsFile() {
        return access.get().tokenFile() != null;
    }

    /** @param authorization the value of that field (RFC 6750, 2.1); null if it was not sent */
    TokenVerdict check(@Nullable String authorization) {
        AdminAccess now = access.get();
        Path file = now.tokenFile();
        String token = file == null ? now.token() : inFile(file);
        if (token == null) {
            return file == null ? TokenVerdict.NO_TOKEN : TokenVerdict.NO_TOKEN_IN_FILE;
        }
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return TokenVerdict.WRONG;
        }
        String shown = authorization.substring(SCHEME.length()).strip();
        return MessageDigest.isEqual(bytes(token), bytes(shown)) ? TokenVerdict.RIGHT : TokenVerdict.WRONG;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private synchronized @Nullable String inFile(Path file) {
        long now = nanoTime.getAsLong();
        if (!file.equals(readFrom) || now - readAt >= READ_AGAIN) {
            read = AdminAccess.tokenIn(file);
            readFrom = file;
            readAt = now;
        }
        return read;
    }
}
