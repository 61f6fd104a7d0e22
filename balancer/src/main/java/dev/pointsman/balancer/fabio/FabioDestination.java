package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.fabio.FabioCommand.Add;
import dev.pointsman.registry.Instance;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A destination in a table of fabio's. Immutable.
 *
 * @param command what added it
 * @param weight its fixed weight; 0 and less for none
 * @param instance the instance whose tag it was; null for one of a document
 * @param where it was announced, for people
 */
public record FabioDestination(
        Add command, double weight, @Nullable Instance instance, String where) {
    private static final Pattern URL =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(\\?[^#]*)?(#.*)?");
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");

    /** What is wrong with a command, as the end of a sentence; null if it can be added. */
    static @Nullable String problem(Add add) {
        FabioSource source = FabioSource.of(add.source());
        String badGlob = problemOfGlob(source.host());
        if (badGlob == null) {
            badGlob = problemOfGlob(FabioIndex.withoutDefaultPort(source.host()));
        }
        if (badGlob == null && !source.isTcp()) {
            badGlob = problemOfGlob(source.path());
        }
        if (badGlob != null) {
            return badGlob;
        }
        Matcher url = URL.matcher(add.destination());
        boolean isUrl = url.matches() && (add.options().containsKey(FabioOptions.REDIRECT) || hasPort(authority(url)));
        return isUrl ? null : "\"" + add.destination() + "\" (expected: a URL such as http://192.0.2.1:80/)";
    }

    private static @Nullable String problemOfGlob(String text) {
        if (Glob.isLiteral(text)) {
            return null;
        }
        try {
            Glob.of(text);
            return null;
        } catch (BadGlobException bad) {
            return "\"" + text + "\" (expected: " + bad.getMessage() + ")";
        }
    }

    private static boolean hasPort(Matcher authority) {
        if (!authority.matches()) {
            return false;
        }
        int port = authority.group(2) == null ? 80 : Integer.parseInt(authority.group(2));
        return port >= 1 && port <= 65_535;
    }

    private static Matcher authority(Matcher url) {
        return AUTHORITY.matcher(url.group(2));
    }

    /** Whether two destinations are one. */
    boolean isSame(FabioDestination other) {
        return command.service().equals(other.command.service())
                && command.destination().equals(other.command.destination())
                && weight == other.weight
                && command.tags().equals(other.command.tags());
    }

    /** Whether a command names it; empty parts name all. */
    boolean isNamedBy(String service, List<String> tags) {
        return (service.isEmpty() || service.equals(command.service()))
                && command.tags().containsAll(tags);
    }

    /** Whether it takes traffic: fabio knows no other destinations. */
    public boolean isLive() {
        return instance == null || instance.weight() > 0;
    }

    FabioDestination withWeight(double other) {
        return new FabioDestination(command, other, instance, where);
    }

    /** The scheme that requests go by, in lower case. */
    public String scheme() {
        String byOption = command.options().getOrDefault(FabioOptions.PROTO, "");
        String destination = command.destination();
        String scheme = destination.substring(0, destination.indexOf("://")).toLowerCase(Locale.ROOT);
        return scheme.equals("http") && FabioOptions.PROTOCOLS.contains(byOption) ? byOption : scheme;
    }

    /** The host of a URL that is no redirection's: a name or an address without brackets. */
    public String host() {
        Matcher authority = matchedAuthority();
        String host = authority.group(1);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** The port of a URL that is no redirection's, by its scheme where it has none. */
    public int port() {
        String port = matchedAuthority().group(2);
        return port == null
                ? (scheme().equals("https") || scheme().equals("grpcs") ? 443 : 80)
                : Integer.parseInt(port);
    }

    private Matcher matchedAuthority() {
        Matcher url = URL.matcher(command.destination());
        Matcher authority = url.matches() ? authority(url) : AUTHORITY.matcher("");
        if (!authority.matches()) {
            throw new IllegalStateException(command.destination() + " was not checked");
        }
        return authority;
    }
}
