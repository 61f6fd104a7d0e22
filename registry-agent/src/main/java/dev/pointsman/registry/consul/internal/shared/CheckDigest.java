package dev.pointsman.registry.consul.internal.shared;

/**
 * All checks of one scope in a list, summed up: enough to tell that one of them came, went or changed from one list to the next,
 * without keeping ten thousands of them.
 *
 * @param sum of what each check is and when it was changed, mixed
 * @param newest the highest index at which one of them was changed, unsigned
 */
record CheckDigest(long sum, long newest) {
    static final CheckDigest NONE = new CheckDigest(0, 0);

    /** The digest with one more check: its id is unique on its node, and at the index it was last changed. */
    CheckDigest plus(String node, String id, long index) {
        long identity = ((long) node.hashCode() << 32) ^ (id.hashCode() & 0xffff_ffffL);
        return new CheckDigest(
                sum + mixed(identity + mixed(index)), Long.compareUnsigned(index, newest) > 0 ? index : newest);
    }

    /** Spreads a number over all bits, by the finalizer of MurmurHash3. */
    private static long mixed(long number) {
        long mixed = (number ^ (number >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
