package dev.pointsman.balancer.upstream;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long an idle connection may be used again: less than the upstream waits before it closes it, or a request would
 * meet the closing halfway. Many servers say how long that is ({@code Keep-Alive: timeout=5}).
 */
final class KeepAlive {
    private static final Pattern TIMEOUT = Pattern.compile("(?i)(?:^|[,\\s])timeout\\s*=\\s*(\\d{1,6})");

    /** For the way back, and for clocks that tick differently. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private KeepAlive() {}

    /** For how many nanoseconds the connection of this answer may be idle and then be used again; 0 if not at all. */
    static long nanosAfter(HttpResponse answer, Duration unlessSaid) {
        if (!HttpUtil.isKeepAlive(answer)) {
            return 0;
        }
        String said = answer.headers().get("keep-alive");
        if (said == null) {
            return unlessSaid.toNanos();
        }
        Matcher timeout = TIMEOUT.matcher(said);
        if (!timeout.find()) {
            return unlessSaid.toNanos();
        }
        Duration stated = Duration.ofSeconds(Long.parseLong(timeout.group(1))).minus(MARGIN);
        return stated.isNegative() ? 0 : stated.toNanos();
    }
}
