package dev.pointsman.balancer.route;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The limit of how often a route is asked. Immutable, thread-safe.
 *
 * @param rate how many requests in how long, on average
 * @param burst how many may come at once
 * @param by whose requests are counted together
 */
public record RateLimitRule(Rate rate, int burst, CountedBy by) {
    /**
     * A number of requests in a time.
     *
     * @param per a second, a minute or an hour
     */
    public record Rate(int requests, Duration per) {
        /** The form of a rate, in words. */
        public static final String EXPECTED = "a rate such as 100/s, 30/m or 1000/h, from 1 to 1000000";

        private static final Pattern FORM = Pattern.compile("(\\d{1,7})/(s|m|h)");

        /** Reads {@code 100/s}; null if it is none. */
        public static @Nullable Rate parse(String text) {
            Matcher form = FORM.matcher(text.strip());
            if (!form.matches()) {
                return null;
            }
            int requests = Integer.parseInt(form.group(1));
            Duration per =
                    switch (form.group(2)) {
                        case "s" -> Duration.ofSeconds(1);
                        case "m" -> Duration.ofMinutes(1);
                        default -> Duration.ofHours(1);
                    };
            return requests < 1 || requests > 1_000_000 ? null : new Rate(requests, per);
        }

        @Override
        public String toString() {
            return requests + "/" + (per.toSeconds() == 1 ? "s" : per.toMinutes() == 1 ? "m" : "h");
        }
    }

    /**
     * What tells requests apart.
     *
     * @param key the sort
     * @param header the name of the field; empty for the other sorts
     */
    public record CountedBy(CountingKey key, String header) {
        /** The form, in words. */
        public static final String EXPECTED =
                "client, route, or header: and the name of a field, as in header:X-Api-Key";

        public static final CountedBy CLIENT = new CountedBy(CountingKey.CLIENT, "");

        /** Reads {@code client}, {@code route}, {@code header:NAME}; null if it is none of them. */
        public static @Nullable CountedBy parse(String text) {
            String by = text.strip();
            if (by.equals("client")) {
                return CLIENT;
            }
            if (by.equals("route")) {
                return new CountedBy(CountingKey.ROUTE, "");
            }
            String name =
                    by.startsWith("header:") ? by.substring("header:".length()).strip() : "";
            boolean field = HeaderEdits.refusal(name, HeaderEdits.EditedMessage.RESPONSE)
                    .isEmpty();
            return field ? new CountedBy(CountingKey.HEADER, name) : null;
        }

        @Override
        public String toString() {
            return key == CountingKey.HEADER ? "header:" + header : key == CountingKey.CLIENT ? "client" : "route";
        }
    }

    /** The sorts of what tells requests apart. */
    public enum CountingKey {
        /** The client's address; of IPv6 its first 64 bits, as a subscriber has at least so many addresses. */
        CLIENT,
        /** A header field's value; requests without it are counted by the client's address. */
        HEADER,
        /** Nothing: all requests of the route count together. */
        ROUTE
    }
}
