package dev.pointsman.balancer.route;

import dev.pointsman.pool.Pool;
import java.util.List;

/** A table of routes, and the pools that their branches go to, as they are in force together. Immutable, thread-safe. */
public interface RoutesInForce {
    /** The number of the table, counted from 1 since the process began. */
    long version();

    RouteTable table();

    /** The pool of each branch of the route with this index, in the order of the branches. */
    List<Pool> branchPools(int index);
}
