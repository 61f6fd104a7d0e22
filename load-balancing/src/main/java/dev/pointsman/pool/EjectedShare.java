package dev.pointsman.pool;

import java.util.List;

/**
 * How much of a pool is ejected.
 *
 * @param out those ejected, the ones that are probed included
 * @param well those that would be ready if the registry alone were asked, {@code out} included
 */
record EjectedShare(int out, int well) {
    static EjectedShare of(List<Upstream> upstreams) {
        int out = 0;
        int well = 0;
        for (Upstream upstream : upstreams) {
            switch (upstream.availability()) {
                case READY -> well++;
                case PROBING, EJECTED -> {
                    well++;
                    out++;
                }
                case WEIGHTLESS, CRITICAL, MAINTENANCE, GONE -> {}
            }
        }
        return new EjectedShare(out, well);
    }

    /** Whether one more may be ejected; one always may, if there is another. */
    boolean hasRoom(int maxPercent) {
        int atLeast = well > 1 && maxPercent > 0 ? 1 : 0;
        return out < Math.max(well * maxPercent / 100, atLeast);
    }
}
