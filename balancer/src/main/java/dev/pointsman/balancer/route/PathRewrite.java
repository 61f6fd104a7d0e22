package dev.pointsman.balancer.route;

import dev.pointsman.balancer.http.NormalPath;
import org.jspecify.annotations.Nullable;

/**
 * What a route makes of the path before it is forwarded: a prefix is taken off, what is left is rewritten, another prefix
 * is put before it. The query stays. Immutable, thread-safe.
 *
 * @param mode whether prefixes are whole segments or text
 * @param strip the prefix that is taken off, where the path begins with it; empty for none. It ends with no {@code /}
 * @param rewrite acts on the path in normal form, without {@code strip}; what it does not match stays as it was sent
 * @param add put before the rest; empty for nothing
 */
public record PathRewrite(
        PrefixMode mode, String strip, @Nullable RegexRewrite rewrite, String add) {
    /** The reading of prefixes. */
    public enum PrefixMode {
        /** Whole segments: {@code /api} is no prefix of {@code /apix}. A rest that was empty stays so behind {@code add}. */
        SEGMENT,
        /** Text, as fabio has it: {@code /api} taken off {@code /apix} leaves {@code /x}, and off {@code /api} a slash. */
        TEXT
    }

    /** The path as it was sent. */
    public static final PathRewrite NONE = new PathRewrite(PrefixMode.SEGMENT, "", null, "");

    /** In segments, without an expression. */
    public static PathRewrite segments(String strip, String add) {
        return new PathRewrite(PrefixMode.SEGMENT, withoutSlash(strip), null, withoutSlash(add));
    }

    private static String withoutSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    /** Whether a path stays as it was sent. */
    public boolean isNone() {
        return strip.isEmpty() && add.isEmpty() && rewrite == null;
    }

    /** The prefix that is taken off this path, or null if none is. */
    public @Nullable String strippedFrom(String path) {
        return !strip.isEmpty() && begins(path) ? strip : null;
    }

    /**
     * The target as it is forwarded; null if the rewriting made a dot segment of what was none, which would lead out of
     * where the route leads.
     *
     * @param originForm path and query as sent
     * @param path the path in normal form, which the route matched
     */
    public @Nullable String apply(String originForm, String path) {
        return isNone()
                ? originForm
                : apply(originForm, path, mode == PrefixMode.SEGMENT ? StrippedRest.MAY_BE_EMPTY : StrippedRest.SLASH);
    }

    /** The same for the {@code $path} of a redirect: of fabio's a rest that is empty gets no slash of its own. */
    @Nullable
    String applyToRedirect(String originForm, String path) {
        return apply(originForm, path, StrippedRest.MAY_BE_EMPTY);
    }

    /** The rest of a path that was stripped whole. */
    private enum StrippedRest {
        /** Gets a slash only if nothing stands before it. */
        MAY_BE_EMPTY,
        /** Gets a slash in any case. */
        SLASH
    }

    private @Nullable String apply(String originForm, String path, StrippedRest whole) {
        int query = originForm.indexOf('?');
        String sent = query < 0 ? originForm : originForm.substring(0, query);
        String queryPart = query < 0 ? "" : originForm.substring(query);
        String rest = stripped(sent, path);
        String rewritten = rewrite == null ? null : rewrite.apply(oneSlashThen(stripped(path, path)));
        if (rewritten != null) {
            int own = rewritten.indexOf('?');
            rest = own < 0 ? rewritten : rewritten.substring(0, own);
            queryPart = own < 0 ? queryPart : joined(rewritten.substring(own), queryPart);
        }
        if (rest.equals(sent) && add.isEmpty()) {
            return originForm;
        }
        // As it was sent, a dot segment could lead out of what is put before it.
        String behind = rest.equals(sent) ? (NormalPath.hasDotSegment(sent) ? path : sent) : rest;
        boolean bare = behind.isEmpty() && whole == StrippedRest.MAY_BE_EMPTY && !add.isEmpty();
        String before = add.isEmpty() || add.startsWith("/") ? add : "/" + add;
        String target = before + (bare ? "" : behind.equals(sent) ? sent : oneSlashThen(behind));
        return NormalPath.hasDotSegment(target) ? null : target + queryPart;
    }

    private static String joined(String own, String sent) {
        return sent.length() < 2 ? own : own + (own.length() > 1 ? "&" : "") + sent.substring(1);
    }

    private String stripped(String sent, String path) {
        if (strip.isEmpty() || !begins(path)) {
            return sent;
        }
        // Where the prefix is spelled in another way than the route's, only the normal form tells where it ends; and a
        // dot
        // segment further on could lead back out of the prefix.
        boolean asSent = begins(sent) && !sent.contains("/.") && !sent.contains("/%2");
        return (asSent ? sent : path).substring(strip.length());
    }

    private boolean begins(String path) {
        return path.startsWith(strip)
                && (mode == PrefixMode.TEXT || path.length() == strip.length() || path.charAt(strip.length()) == '/');
    }

    /**
     * The rest behind exactly one slash: two would begin an authority for some readers (RFC 3986, 4.2), and browsers take a
     * backslash for one.
     */
    private static String oneSlashThen(String rest) {
        int start = 0;
        while (start < rest.length() && (rest.charAt(start) == '/' || rest.charAt(start) == '\\')) {
            start++;
        }
        return start == 1 && rest.charAt(0) == '/' ? rest : "/" + rest.substring(start);
    }
}
