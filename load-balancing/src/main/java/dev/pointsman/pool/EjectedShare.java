package dev.pointsman.pool;

import java.util.List;

/**
 * The share of a pool that is ejected.
 *
 * @param ejected the number of upstreams that are ejected or probing
 * @param of the number of upstreams that would be ready by the registry alone, the ejected ones included
 */
record EjectedShare(int ejected, int of) {
    static EjectedShare of(List<Upstream> upstreams) {
        int ejected = 0;
        int all = 0;
        for (Upstream upstream : upstreams) {
            switch (upstream.availability()) {
                case READY -> all++;
                case PROBING, EJECTED -> {
                    all++;
                    ejected++;
                }
                case WEIGHTLESS, CRITICAL, MAINTENANCE, DRAINED, GONE -> {}
            }
        }
        return new EjectedShare(ejected, all);
    }

    /** Whether another upstream may be ejected; one always may, if there are at least two. */
    boolean hasRoom(int maxPercent) {
        int atLeast = of > 1 && maxPercent > 0 ? 1 : 0;
        return ejected < Math.max(of * maxPercent / 100, atLeast);
    }
}
