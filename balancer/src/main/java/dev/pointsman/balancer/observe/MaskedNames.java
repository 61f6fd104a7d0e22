package dev.pointsman.balancer.observe;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of query parameters and header fields whose values are not written. Case makes no difference, nor does it whether a
 * parameter's name is percent-encoded or goes on in brackets ({@code token[]}). Immutable, thread-safe.
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
            "api-key",
            "sig",
            "signature",
            "session",
            "sessionid");

    /** None. */
    public static final MaskedNames NONE = new MaskedNames(List.of());

    private final Set<String> names;
    private final String[] lowerCase;

    /** Some names. */
    public MaskedNames(Collection<String> names) {
        Set<String> sorted = new TreeSet<>();
        names.forEach(name -> sorted.add(name.toLowerCase(Locale.ROOT)));
        this.names = Set.copyOf(sorted);
        this.lowerCase = sorted.toArray(new String[0]);
    }

    public boolean isEmpty() {
        return lowerCase.length == 0;
    }

    /** Whether a field's value is masked as a whole. */
    public boolean coversField(String name) {
        return names.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Whether the part of a text from one index to another is one of the names. */
    public boolean covers(String text, int from, int to) {
        for (String name : lowerCase) {
            if (isName(name, text, from, to)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isName(String name, String text, int from, int to) {
        int at = from;
        for (int i = 0; i < name.length(); i++) {
            if (at >= to || lower(decoded(text, at, to)) != name.charAt(i)) {
                return false;
            }
            at += isEncoded(text, at, to) ? 3 : 1;
        }
        return at == to || decoded(text, at, to) == '[';
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
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
