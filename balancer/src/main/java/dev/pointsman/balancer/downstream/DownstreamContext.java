package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.http.HeadBuffer;
import dev.pointsman.balancer.loop.LoopTurns;
import dev.pointsman.balancer.loop.TimeoutTicker;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/** The objects that the client connections of one event loop share. For that loop. */
public final class DownstreamContext {
    private static final AsciiString HSTS = AsciiString.cached("strict-transport-security");

    private final TimeoutTicker ticker;
    private final RequestIds requestIds;
    private final ResponseDate responseDate;
    private final LoopTurns turns;
    private final Drain drain;
    private final OpenConnections open;
    private final RawReply headTimeout;
    private final HeadBuffer responseHead = new HeadBuffer();
    private ClientRules rules;
    private int generation;

    /**
     * The objects of one loop.
     *
     * @param rules the settings that count until {@link #apply}
     * @param ticker checks the timeouts
     * @param requestIds makes ids of requests
     * @param responseDate dates responses
     * @param turns shares the loop's turns among the connections
     * @param drain shared by all event loops
     * @param open counts the loop's connections
     * @param headTimeout the reply to a client whose request head does not arrive in time
     */
    public DownstreamContext(
            ClientRules rules,
            TimeoutTicker ticker,
            RequestIds requestIds,
            ResponseDate responseDate,
            LoopTurns turns,
            Drain drain,
            OpenConnections open,
            RawReply headTimeout) {
        this.rules = rules;
        this.ticker = ticker;
        this.requestIds = requestIds;
        this.responseDate = responseDate;
        this.turns = turns;
        this.drain = drain;
        this.open = open;
        this.headTimeout = headTimeout;
    }

    /** Adds to a response what this balancer says in all of them, whatever version of HTTP the client speaks. */
    public void addOwnFields(HttpServerResponse response, Peer peer) {
        responseDate.addIfMissing(response.headers());
        String hsts = rules.hsts();
        if (hsts != null && peer.isSecure() && !response.headers().contains(HSTS)) {
            response.putHeader(HSTS, hsts);
        }
    }

    /** Puts other settings in force, also for the connections that there are. */
    public void apply(ClientRules next) {
        rules = next;
        generation++;
    }

    /** How often the settings were replaced: what was concluded from them counts for one generation. */
    public int generation() {
        return generation;
    }

    public ClientRules rules() {
        return rules;
    }

    /** For a handshake of TLS to be complete: as long as for the head of a request behind it. */
    public Duration handshakeTimeout() {
        return rules.limits().head();
    }

    public TimeoutTicker ticker() {
        return ticker;
    }

    public RequestIds requestIds() {
        return requestIds;
    }

    /** Where the heads of responses are made, one after the other. */
    public HeadBuffer responseHead() {
        return responseHead;
    }

    public ResponseDate responseDate() {
        return responseDate;
    }

    public LoopTurns turns() {
        return turns;
    }

    public Drain drain() {
        return drain;
    }

    public OpenConnections open() {
        return open;
    }

    public RawReply headTimeout() {
        return headTimeout;
    }
}
