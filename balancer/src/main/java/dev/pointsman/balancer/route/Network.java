package dev.pointsman.balancer.route;

import org.jspecify.annotations.Nullable;

/**
 * A network of IP addresses: those whose first bits are the same. One of IPv4 takes addresses of IPv4 in either spelling,
 * and one of IPv6 takes no address of IPv4. Immutable, thread-safe.
 *
 * @param address its first address
 * @param bits how many bits are the same, of the 128 of an {@link IpAddress}
 */
public record Network(IpAddress address, int bits) {
    private static final int FOUR = 96;

    public Network {
        if (bits < 0 || bits > 128) {
            throw new IllegalArgumentException("bits: " + bits + " (expected: 0 to 128)");
        }
        address = new IpAddress(address.high() & mask(bits), address.low() & mask(bits - 64));
    }

    /** Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or one address; null if it is none of these. */
    public static @Nullable Network parse(String text) {
        String entry = text.strip();
        int slash = entry.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? entry : entry.substring(0, slash));
        if (address == null) {
            return null;
        }
        // Of ::ffff:10.0.0.0/104 the bits are counted as of IPv6.
        boolean four = address.isFour() && entry.indexOf(':') < 0;
        int most = four ? 32 : 128;
        int bits = slash < 0 ? most : bits(entry.substring(slash + 1), most);
        return bits < 0 ? null : new Network(address, four ? FOUR + bits : bits);
    }

    private static int bits(String text, int most) {
        boolean number = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int bits = number ? Integer.parseInt(text) : -1;
        return bits <= most ? bits : -1;
    }

    public boolean contains(IpAddress other) {
        return other.isFour() == isOfFour()
                && (other.high() & mask(bits)) == address.high()
                && (other.low() & mask(bits - 64)) == address.low();
    }

    private boolean isOfFour() {
        return bits >= FOUR && address.isFour();
    }

    /** The first bits of 64. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
    }

    @Override
    public String toString() {
        if (!isOfFour()) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                long half = i < 4 ? address.high() : address.low();
                text.append(i == 0 ? "" : ":").append(Long.toHexString((half >>> (48 - 16 * (i % 4))) & 0xffff));
            }
            return text + "/" + bits;
        }
        long four = address.low();
        return ((four >>> 24) & 255) + "." + ((four >>> 16) & 255) + "." + ((four >>> 8) & 255) + "." + (four & 255)
                + "/" + (bits - FOUR);
    }
}
