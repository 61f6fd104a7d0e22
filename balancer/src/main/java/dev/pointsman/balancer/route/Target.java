package dev.pointsman.balancer.route;

/**
 * What a branch of a route leads to: a set of instances, by where they are known from. Equal targets share a pool, which
 * stays when the table changes. Immutable.
 */
public sealed interface Target permits TagTarget, StaticTarget, ClaimTarget {
    /** The target's name, for people and as the pool's. */
    String name();
}
