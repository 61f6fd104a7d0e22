package dev.pointsman.balancer.observe;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of query parameters and header fields whose values are not written. Case makes no difference, nor does it whether words are
 * joined by a hyphen or an underscore. A parameter's name may be percent-encoded, and a part: {@code token[]}, {@code user[token]},
 * {@code user.token}. Immutable, thread-safe.
 */
public final class MaskedNames {
    /** What usually is a credential. */
    public static final Set<String> DEFAULT = Set.of(
            "authorization",
            "proxy-authorization",
            "cookie",
            "set-cookie",
            "x-api-key",
            "x-auth-token",
            "x-csrf-token",
            "x-consul-token",
            "x-pointsman-explain",
            "x-amz-security-token",
            "x-amz-signature",
            "x-goog-signature",
            "awsaccesskeyid",
            "access_token",
            "refresh_token",
            "id_token",
            // OAuth's, which is exchanged for a token. Its state is no credential, and tells logins apart.
            "code",
            "token",
            "jwt",
            "auth",
            "password",
            "passwd",
            "pwd",
            "secret",
            "client_secret",
            "api_key",
            "apikey",
            "sig",
            "signature",
            "session",
            "sessionid");

    /** None. */
    public static final MaskedNames NONE = new MaskedNames(List.of());

    private final Set<String> names;
    private final String[] each;

    /** Some names. */
    public MaskedNames(Collection<String> names) {
        Set<String> sorted = new TreeSet<>();
        names.forEach(name -> sorted.add(folded(name)));
        this.names = Set.copyOf(sorted);
        this.each = sorted.toArray(new String[0]);
    }

    public boolean isEmpty() {
        return each.length == 0;
    }

    /** Whether a field's value is masked as a whole. */
    public boolean coversField(String name) {
        return names.contains(folded(name));
    }

    /**
     * Whether the part of a text from one index to another is one of the names, or has one of them as a part: in brackets or behind a
     * dot, as frameworks write what is in something else.
     */
    public boolean covers(String text, int from, int to) {
        int start = from;
        while (start < to && isBlank(decoded(text, start, to))) {
            start = next(text, start, to);
        }
        int part = start;
        for (int at = start; at < to; at = next(text, at, to)) {
            if (isPartEnd(decoded(text, at, to))) {
                if (isAny(text, part, at)) {
                    return true;
                }
                part = next(text, at, to);
            }
        }
        return isAny(text, part, to) || (part > start && isAny(text, start, to));
    }

    private boolean isAny(String text, int from, int to) {
        for (String name : each) {
            if (isName(name, text, from, to)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isName(String name, String text, int from, int to) {
        int at = from;
        for (int i = 0; i < name.length(); i++) {
            if (at >= to || folded(decoded(text, at, to)) != name.charAt(i)) {
                return false;
            }
            at = next(text, at, to);
        }
        return at == to;
    }

    private static int next(String text, int at, int to) {
        return at + (isEncoded(text, at, to) ? 3 : 1);
    }

    /** PHP and others take no notice of blanks before a name; a plus is one. */
    private static boolean isBlank(int c) {
        return c == ' ' || c == '+' || c == '\t';
    }

    private static boolean isPartEnd(int c) {
        return c == '[' || c == ']' || c == '.';
    }

    private static int folded(int c) {
        if (c == '-') {
            return '_';
        }
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    private static int decoded(String text, int at, int to) {
        return isEncoded(text, at, to)
                ? (Character.digit(text.charAt(at + 1), 16) << 4) | Character.digit(text.charAt(at + 2), 16)
                : text.charAt(at);
    }

    private static boolean isEncoded(String text, int at, int to) {
        return text.charAt(at) == '%'
                && at + 2 < to
                && Character.digit(text.charAt(at + 1), 16) >= 0
                && Character.digit(text.charAt(at + 2), 16) >= 0;
    }

    /** Where the parameters of a URL begin: behind the first {@code ?} or {@code #}; -1 for nowhere. */
    public static int firstParameter(String url) {
        for (int i = 0; i < url.length(); i++) {
            if (url.charAt(i) == '?' || url.charAt(i) == '#') {
                return i + 1;
            }
        }
        return -1;
    }

    /** Where the parameter ends that begins here. */
    public static int endOfParameter(String text, int from) {
        int at = from;
        while (at < text.length() && !isSeparator(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Where the name of a parameter ends: at its equals sign, or where the parameter ends. */
    public static int endOfName(String text, int from, int end) {
        int at = from;
        while (at < end && text.charAt(at) != '=') {
            at++;
        }
        return at;
    }

    private static boolean isSeparator(char c) {
        return c == '&' || c == ';' || c == '?' || c == '#';
    }
}
