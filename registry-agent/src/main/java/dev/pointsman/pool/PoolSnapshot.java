package dev.pointsman.pool;

import java.util.List;

/**
 * A pool at one moment. A request reads it once per attempt and uses only it.
 *
 * @param target the tag or service name whose upstreams these are
 * @param upstreams all of them, sorted by key, ready or not
 * @param ready those that may be picked, in the same order
 * @param picker chooses among {@code ready}
 */
public record PoolSnapshot(String target, List<Upstream> upstreams, List<Upstream> ready, Picker picker) {}
