package dev.pointsman.balancer.admin;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The count of wrong tokens by address: one that showed many lately is answered late, whatever it shows next, so that guessing
 * costs time. Bounded; not thread-safe.
 */
final class WrongTokens {
    /** The wrong ones within {@link #MEMORY} from which on an address is answered late. */
    static final int MANY = 10;

    static final Duration MEMORY = Duration.ofMinutes(1);
    static final Duration DELAY = Duration.ofSeconds(1);
    private static final int ADDRESSES = 1000;

    private final Map<String, WrongCount> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, WrongCount> eldest) {
            return size() > ADDRESSES;
        }
    };

    private record WrongCount(int number, long since) {}

    void wrong(String address, long nanos) {
        WrongCount before = byAddress.get(address);
        byAddress.put(
                address,
                before == null || nanos - before.since() >= MEMORY.toNanos()
                        ? new WrongCount(1, nanos)
                        : new WrongCount(before.number() + 1, before.since()));
    }

    void right(String address) {
        byAddress.remove(address);
    }

    boolean isMany(String address, long nanos) {
        WrongCount count = byAddress.get(address);
        return count != null && count.number() >= MANY && nanos - count.since() < MEMORY.toNanos();
    }
}
