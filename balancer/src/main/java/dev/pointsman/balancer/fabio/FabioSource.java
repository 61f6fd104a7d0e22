package dev.pointsman.balancer.fabio;

import java.util.Locale;

/**
 * The source of a command in fabio's language: which requests it is about. {@code /path} (any host), {@code host/path},
 * {@code host} alone (all its paths), or {@code :port} for a TCP listener. Immutable.
 *
 * @param host the requested host, possibly with a port and possibly a {@link Glob}; empty for any
 * @param path how paths begin, or a glob of them, by the matcher; empty for a TCP listener
 */
record FabioSource(String host, String path) {
    /** The source as it is written; the host stays in the case in which it is given. */
    static FabioSource asWritten(String text) {
        if (text.startsWith(":")) {
            return new FabioSource(text, "");
        }
        int slash = text.indexOf('/');
        return slash < 0 ? new FabioSource(text, "/") : new FabioSource(text.substring(0, slash), text.substring(slash));
    }

    /** The source as it is added to the table: its host is in lower case. */
    static FabioSource of(String text) {
        FabioSource written = asWritten(text);
        return new FabioSource(written.host.toLowerCase(Locale.ROOT), written.path);
    }

    boolean isTcp() {
        return path.isEmpty();
    }

    @Override
    public String toString() {
        return host + path;
    }
}
