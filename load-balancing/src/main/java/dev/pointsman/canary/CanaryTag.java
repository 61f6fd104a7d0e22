package dev.pointsman.canary;

import dev.pointsman.registry.Instance;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tags by which an instance is a canary: {@code canary=5%}, and {@code version=v2} that says of what. Immutable.
 *
 * @param version of what; {@value #UNNAMED} where no tag says so
 * @param share of the users, in {@link UserBuckets#COUNT}ths
 */
public record CanaryTag(String version, int share) {
    /** What a canary is called that has no version. */
    public static final String UNNAMED = "unnamed";

    /** What a share has to look like, in words for a message. */
    public static final String EXPECTED = "a share of users from 0% to 100%, such as canary=5% or canary=0.5%";

    private static final String SHARE = "canary=";
    private static final String VERSION = "version=";
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,2})?)\\s*%");
    private static final BigDecimal PER_PERCENT = BigDecimal.valueOf(UserBuckets.COUNT / 100);

    /** The canary that the tags of an instance make it; null if they do not. A tag that cannot be read counts as none. */
    static @Nullable CanaryTag of(Instance instance) {
        String share = first(instance.tags(), SHARE);
        Integer buckets = share == null ? null : parseShare(share);
        if (buckets == null) {
            return null;
        }
        String version = first(instance.tags(), VERSION);
        return new CanaryTag(version == null || version.isBlank() ? UNNAMED : version.strip(), buckets);
    }

    /** The tag of an instance that was meant to make it a canary and cannot be read; null if there is none. */
    static @Nullable String malformed(Instance instance) {
        String share = first(instance.tags(), SHARE);
        return share == null || parseShare(share) != null ? null : SHARE + share;
    }

    private static @Nullable String first(List<String> tags, String prefix) {
        for (String tag : tags) {
            if (tag.length() >= prefix.length()
                    && tag.substring(0, prefix.length())
                            .toLowerCase(Locale.ROOT)
                            .equals(prefix)) {
                return tag.substring(prefix.length());
            }
        }
        return null;
    }

    /** A share as it is written, {@code 5%} or {@code 0.25%}; null if it is none. */
    static @Nullable Integer parseShare(String text) {
        Matcher percent = PERCENT.matcher(text.strip());
        if (!percent.matches()) {
            return null;
        }
        int buckets = new BigDecimal(percent.group(1)).multiply(PER_PERCENT).intValueExact();
        return buckets > UserBuckets.COUNT ? null : buckets;
    }

    /** A share as it is written. */
    static String written(int share) {
        return BigDecimal.valueOf(share)
                        .divide(PER_PERCENT)
                        .stripTrailingZeros()
                        .toPlainString() + "%";
    }
}
