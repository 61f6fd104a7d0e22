package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.config.TrustedProxies;
import dev.pointsman.balancer.http.UnderscoreFields;
import dev.pointsman.balancer.loop.ReadTurns;
import dev.pointsman.balancer.loop.TimeoutTicker;

/**
 * The objects that the client connections of one event loop share.
 *
 * @param limits the timeouts of a client connection, among others
 * @param underscoreFields what becomes of fields whose names have an underscore
 * @param trustedProxies proxies whose X-Forwarded-* fields are believed
 * @param ticker checks the timeouts
 * @param requestIds makes ids of requests
 * @param responseDate dates responses
 * @param turns shares the loop's turns among the connections
 * @param drain shared by all event loops
 * @param open counts the loop's connections
 * @param headTimeout the reply to a client whose request head does not arrive in time
 */
public record DownstreamContext(
        Limits limits,
        UnderscoreFields underscoreFields,
        TrustedProxies trustedProxies,
        TimeoutTicker ticker,
        RequestIds requestIds,
        ResponseDate responseDate,
        ReadTurns turns,
        Drain drain,
        OpenConnections open,
        RawReply headTimeout) {}
