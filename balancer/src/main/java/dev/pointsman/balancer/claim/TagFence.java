package dev.pointsman.balancer.claim;

import dev.pointsman.balancer.fabio.Glob;
import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.balancer.route.HostPattern.HostKind;
import dev.pointsman.balancer.route.RouteKey;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The routes that tags may announce. One is within the fence only if every request that it could take is. Immutable.
 *
 * @param hosts the allowed hosts; empty for all. {@link HostPattern#ANY} allows all, too
 * @param prefixes the allowed paths, as prefixes of whole segments; empty for all
 */
public record TagFence(List<HostPattern> hosts, List<String> prefixes) {
    /** A fence around everything. */
    public static final TagFence NONE = new TagFence(List.of(), List.of());

    private static final Pattern PORT = Pattern.compile(":\\d+$");

    public TagFence {
        hosts = List.copyOf(hosts);
        prefixes = prefixes.stream().map(TagFence::withoutSlash).toList();
    }

    static String withoutSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    /** What was expected of a route that is outside, as the end of a sentence; null for one that is within. */
    @Nullable
    String expected(RouteKey key) {
        if (!hosts.isEmpty() && hosts.stream().noneMatch(allowed -> isWithin(key.host(), allowed))) {
            String names = hosts.stream().map(HostPattern::toString).collect(Collectors.joining(", "));
            return "a host that allow-hosts has: " + names;
        }
        if (!key.isTcp() && !prefixes.isEmpty() && prefixes.stream().noneMatch(allowed -> isWithin(key, allowed))) {
            return "a path below one that allow-prefixes has: "
                    + prefixes.stream().map(prefix -> prefix + "/").collect(Collectors.joining(", "))
                    + (prefixes.contains(key.path())
                            ? "; in fabio's language " + key.path() + " takes longer names, too"
                            : "");
        }
        return null;
    }

    /**
     * Whether a route is named itself: its path in the allowed ones, or, where that is {@code /}, its host. Whoever does so
     * knows of the route.
     */
    boolean names(RouteKey key) {
        String path = withoutSlash(key.path());
        boolean isHost = path.isEmpty() && key.host().kind() != HostKind.ANY;
        return prefixes.contains(path) || (isHost && hosts.contains(key.host()));
    }

    private static boolean isWithin(HostPattern claimed, HostPattern allowed) {
        if (allowed.kind() == HostKind.ANY) {
            return true;
        }
        String below = "." + allowed.name();
        return switch (claimed.kind()) {
            case ANY -> false;
            case EXACT ->
                allowed.kind() == HostKind.EXACT
                        ? claimed.name().equals(allowed.name())
                        : claimed.name().endsWith(below);
            case WILDCARD -> allowed.kind() == HostKind.WILDCARD && ("." + claimed.name()).endsWith(below);
            case GLOB -> isGlobWithin(PORT.matcher(claimed.name()).replaceFirst(""), allowed, below);
        };
    }

    private static boolean isGlobWithin(String glob, HostPattern allowed, String below) {
        return allowed.kind() == HostKind.EXACT
                ? glob.equals(allowed.name())
                : Glob.suffixOf(glob).endsWith(below);
    }

    private static boolean isWithin(RouteKey key, String allowed) {
        String path = key.path();
        return switch (key.matching()) {
            case SEGMENTS -> path.equals(allowed) || path.startsWith(allowed + "/");
            case PREFIX -> path.startsWith(allowed + "/");
            case PREFIX_ANY_CASE -> path.toLowerCase(Locale.ROOT).startsWith(allowed.toLowerCase(Locale.ROOT) + "/");
            case TCP -> false;
            case GLOB -> path.equals(allowed) || Glob.prefixOf(path).startsWith(allowed + "/");
        };
    }
}
