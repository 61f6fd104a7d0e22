package dev.pointsman.canary;

/**
 * The buckets that users fall into: {@value #COUNT} of them, by a hash that is the same in every process, on every machine,
 * today and later, so that all balancers agree without asking each other. What is decided by one kind of bucket says nothing
 * about the other: a branch that gets the last users of a split still has its share of canary users. Not for secrets.
 */
public enum UserBuckets {
    /** Where a route has several branches. */
    SPLIT(0x5DEECE66D5A1B7C3L),
    /** Where a branch cannot serve, and its users go to the others. */
    SPILL(0x2545F4914F6CDD1DL),
    /** Canaries of every service: who tries the new of one service tries that of another too. */
    CANARY(0x369DEA0F31A53F85L);

    /** How many there are: a share is a whole number of them, so of hundredths of a percent. */
    public static final int COUNT = 10_000;

    /** The bucket of a request that does not tell its user. */
    public static final int NONE = -1;

    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;
    private static final int BITS = 32;

    private final long salt;

    UserBuckets(long salt) {
        this.salt = salt;
    }

    /** The bucket of a user, from 0 on. */
    public int of(String user) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < user.length(); i++) {
            hash = (hash ^ user.charAt(i)) * FNV_PRIME;
        }
        return (int) (((mix(hash ^ salt) >>> BITS) * COUNT) >>> BITS);
    }

    /** A mixing in which every bit of the input moves every bit of the output half of the time (Stafford's variant 13). */
    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
