package dev.pointsman.registry.consul.internal.kv;

import dev.pointsman.registry.OneLine;
import dev.pointsman.registry.consul.internal.query.ConsulTransport;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A key, or the beginning of keys, with its place in Consul's API.
 *
 * @param key as Consul stores it, without a slash at its beginning
 */
public record KvPath(String key) {
    private static final String KV = "/v1/kv/";

    /** The path of a key or prefix as a person writes it. */
    public static KvPath of(String text) {
        String key = text.replaceFirst("^/+", "");
        KvPath path = new KvPath(key);
        if (key.isBlank() || !path.isExact()) {
            throw new IllegalArgumentException("key: '" + OneLine.of(text)
                    + "' (expected: segments between slashes, none of them empty, . or ..)");
        }
        return path;
    }

    /**
     * Whether {@link #url()} leads to this key: where a segment is empty, . or .., Consul's HTTP server makes another path of it. The last
     * segment may be empty.
     */
    boolean isExact() {
        List<String> segments = Arrays.asList(key.split("/", -1));
        return !segments.subList(0, segments.size() - 1).contains("")
                && !segments.contains(".")
                && !segments.contains("..");
    }

    /** The path in Consul's API, percent-encoded, without parameters. */
    public String url() {
        return KV
                + Arrays.stream(key.split("/", -1))
                        .map(ConsulTransport::encoded)
                        .collect(Collectors.joining("/"));
    }

    /** The rule that a token needs for this key, in Consul's own language. */
    public String rule(String policy) {
        return "key \"" + OneLine.of(key) + "\" { policy = \"" + policy + "\" }";
    }

    /** The rule that a token needs for all keys that begin with this. */
    public String prefixRule(String policy) {
        return "key_prefix \"" + OneLine.of(key) + "\" { policy = \"" + policy + "\" }";
    }
}
