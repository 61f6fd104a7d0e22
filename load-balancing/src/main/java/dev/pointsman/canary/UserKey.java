package dev.pointsman.canary;

import dev.pointsman.pool.RequestFacts;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a request that tells users apart, as it is written in a configuration: {@code address}, {@code cookie:NAME} or
 * {@code header:NAME}. Immutable.
 *
 * @param kind where it is looked for
 * @param name of the cookie or header field; empty for the address
 */
public record UserKey(UserKeyKind kind, String name) {
    /** The places that tell users apart. */
    public enum UserKeyKind {
        /** The client's address, as far as it is believed. */
        ADDRESS,
        COOKIE,
        HEADER
    }

    /** All that {@link #parse} understands, in words for a message. */
    public static final String EXPECTED = "address, cookie:NAME or header:NAME";

    /** The client's address. */
    public static final UserKey ADDRESS = new UserKey(UserKeyKind.ADDRESS, "");

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    /** The key that is written so, or null if none is. */
    public static @Nullable UserKey parse(String text) {
        String[] parts = text.strip().split(":", 2);
        String kind = parts[0].toLowerCase(Locale.ROOT);
        if (parts.length == 1) {
            return kind.equals("address") ? ADDRESS : null;
        }
        if (!TOKEN.matcher(parts[1]).matches()) {
            return null;
        }
        return switch (kind) {
            case "cookie" -> new UserKey(UserKeyKind.COOKIE, parts[1]);
            case "header" -> new UserKey(UserKeyKind.HEADER, parts[1]);
            default -> null;
        };
    }

    /** The bucket of a request's user; {@link UserBuckets#NONE} if the request does not tell its user. */
    public int bucket(RequestFacts request, UserBuckets buckets) {
        String user =
                switch (kind) {
                    case ADDRESS -> request.clientAddress();
                    case COOKIE -> request.cookie(name);
                    case HEADER -> request.header(name);
                };
        return user == null || user.isEmpty() ? UserBuckets.NONE : buckets.of(user);
    }

    @Override
    public String toString() {
        return name.isEmpty() ? "address" : kind.name().toLowerCase(Locale.ROOT) + ":" + name;
    }
}
