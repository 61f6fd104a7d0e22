package dev.pointsman.balancer.downstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.MultiMap;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date field of responses that come without one (RFC 9110, 6.6.1), formatted once a second. For one event loop. */
public final class ResponseDate {
    /** The format IMF-fixdate (RFC 9110, 5.6.7). */
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    private final Clock clock;
    private long second = Long.MIN_VALUE;
    private String date = "";

    public ResponseDate(Clock clock) {
        this.clock = clock;
    }

    public void addIfMissing(MultiMap fields) {
        if (!fields.contains(HttpHeaderNames.DATE)) {
            fields.set(HttpHeaderNames.DATE, now());
        }
    }

    private String now() {
        long current = clock.millis() / 1000;
        if (current != second) {
            second = current;
            date = ZonedDateTime.ofInstant(java.time.Instant.ofEpochSecond(current), ZoneOffset.UTC)
                    .format(FORMAT);
        }
        return date;
    }
}
