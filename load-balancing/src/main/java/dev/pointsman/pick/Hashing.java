package dev.pointsman.pick;

/**
 * Hashes of texts that are the same in every process and on every machine, today and later: clients go by them to the
 * same instance through whichever balancer. Not for secrets.
 */
final class Hashing {
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private Hashing() {}

    /** FNV-1a over the text's UTF-16 units, mixed once more, as its upper bits hardly see the last units. */
    static long of(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** A mixing in which every bit of the input moves every bit of the output half of the time (Stafford's variant 13). */
    static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
