package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.ExplainSecret;
import dev.pointsman.balancer.explain.Explanation;
import dev.pointsman.balancer.explain.InstanceVerdict;
import dev.pointsman.balancer.filter.GateVerdict;
import dev.pointsman.balancer.http.StructuredText;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.observe.RequestSteps;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteOrigin;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.Upstream;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The notes on a request that has shown the {@link ExplainSecret}, and the fields that they become in its response:
 * structured fields (RFC 9651), which docs/explain.md describes. All of them together are shorter than 8 KiB. For one event
 * loop.
 */
final class LiveExplanation implements RequestSteps {
    /** The field by which a request asks. */
    static final AsciiString FIELD = AsciiString.cached("x-pointsman-explain");

    private static final String RESULT = "X-Pointsman-Result";
    private static final String ROUTE = "X-Pointsman-Route";
    private static final String INSTANCE = "X-Pointsman-Instance";
    private static final String ATTEMPTS = "X-Pointsman-Attempts";
    private static final String POOL = "X-Pointsman-Pool";
    private static final String GATES = "X-Pointsman-Gates";
    private static final String SENT = "X-Pointsman-Sent";
    private static final List<String> FIELDS = List.of(RESULT, ROUTE, INSTANCE, ATTEMPTS, POOL, GATES, SENT);

    /** Where caches are told apart from the client (RFC 9213, and before it), their own field counts instead. */
    private static final List<String> FOR_CACHES =
            List.of("CDN-Cache-Control", "Cloudflare-CDN-Cache-Control", "Surrogate-Control");

    private static final int MOST_MEMBERS = 8;
    private static final int MOST_TEXT = 256;
    private static final int MOST_TARGET = 512;
    private static final int MOST_WHY = 128;

    private final TimeoutTicker ticker;
    private final long begun;
    private final long table;
    private final List<ExplainedAttempt> attempts = new ArrayList<>(2);
    private int attemptsLeftOut;
    private List<GateVerdict> gates = List.of();
    private @Nullable RoutedRequest routed;
    private @Nullable Upstream newest;
    private long waitBegan;
    private long waited;
    private boolean waits;

    private LiveExplanation(TimeoutTicker ticker, long table) {
        this.ticker = ticker;
        this.begun = ticker.now();
        this.table = table;
    }

    /**
     * Takes the field that asks off a request, so that it is seen nowhere else.
     *
     * @param table the version of the table in force
     * @return null if the request does not show the secret
     */
    static @Nullable LiveExplanation of(HttpHeaders fields, ExplainSecret secret, TimeoutTicker ticker, long table) {
        String shown = fields.get(FIELD);
        if (shown == null) {
            return null;
        }
        fields.remove(FIELD);
        return secret.isShownBy(shown) ? new LiveExplanation(ticker, table) : null;
    }

    private long now() {
        return ticker.now() - begun;
    }

    /** Notes that the request has a route. */
    void routed(RoutedRequest request) {
        routed = request;
    }

    void gates(List<GateVerdict> verdicts) {
        gates = verdicts;
    }

    @Override
    public void waitBegins() {
        waits = true;
        waitBegan = now();
    }

    @Override
    public void waitEnds() {
        waited += waits ? now() - waitBegan : 0;
        waits = false;
    }

    @Override
    public void attemptBegins(Upstream upstream) {
        waitEnds();
        newest = upstream;
        if (attempts.size() == MOST_MEMBERS) {
            // The first ones say how it began, the last one how it ended.
            attempts.remove(MOST_MEMBERS - 1);
            attemptsLeftOut++;
        }
        attempts.add(
                new ExplainedAttempt(upstream.key().id(), upstream.instance().authority(), now()));
    }

    @Override
    public void connected(boolean onUsedConnection) {
        last().connected(onUsedConnection, now());
    }

    @Override
    public void responded(int status) {
        last().responded(status, now());
    }

    /**
     * Notes that the newest attempt failed.
     *
     * @param then what followed, as a token (RFC 9651, 3.3.4)
     */
    void failed(FailureKind kind, String then) {
        last().failed(kind, then, now());
    }

    private ExplainedAttempt last() {
        return attempts.get(attempts.size() - 1);
    }

    /** Puts the explanation into an instance's response. */
    void addTo(HttpHeaders fields, int status) {
        write(fields, status, null, true);
    }

    /**
     * Puts the explanation into a response of the balancer's own.
     *
     * @param why null where it is no failure, as a redirect
     */
    void addToOwn(HttpHeaders fields, int status, @Nullable FailureKind why) {
        write(fields, status, why, false);
    }

    private void write(HttpHeaders fields, int status, @Nullable FailureKind why, boolean ofInstance) {
        FIELDS.forEach(fields::remove);
        fields.set(RESULT, result(status, why, ofInstance));
        fields.set(ROUTE, route());
        put(fields, GATES, gateList());
        put(fields, POOL, pool());
        put(fields, ATTEMPTS, attemptList());
        if (ofInstance) {
            StructuredText instance = new StructuredText();
            last().writeInstance(instance);
            put(fields, INSTANCE, instance);
        }
        put(fields, SENT, sent());
        keepFromCaches(fields);
    }

    private static void put(HttpHeaders fields, String name, StructuredText value) {
        if (!value.isEmpty()) {
            fields.set(name, value.toString());
        }
    }

    /** No cache may give it to somebody else. What the instance says about caching stands beside it, to be seen. */
    private static void keepFromCaches(HttpHeaders fields) {
        fields.add(HttpHeaderNames.VARY, "X-Pointsman-Explain");
        fields.add(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        for (String each : FOR_CACHES) {
            if (fields.contains(each)) {
                fields.add(each, HttpHeaderValues.NO_STORE);
            }
        }
    }

    private String result(int status, @Nullable FailureKind why, boolean ofInstance) {
        StructuredText out = new StructuredText().number(status).add(ofInstance ? ";by=instance" : ";by=balancer");
        if (why != null) {
            out.add(";failure=").add(why.code());
        }
        if (waited > 0) {
            out.add(";queue=").millis(waited);
        }
        return out.add(";total=").millis(now()).toString();
    }

    private String route() {
        StructuredText out = new StructuredText();
        RoutedRequest known = routed;
        if (known == null) {
            return out.add("none;table=").number(table).toString();
        }
        Route route = known.route();
        RouteOrigin origin = route.origin();
        out.text(route.key().toString(), MOST_TEXT);
        if (known.hasBranch()) {
            out.add(";to=").text(known.branch().target(), MOST_WHY);
        }
        out.add(";source=").add(origin.source().name().toLowerCase(Locale.ROOT));
        out.add(";place=").text(origin.where(), MOST_TEXT);
        return out.add(";table=").number(table).toString();
    }

    private StructuredText gateList() {
        StructuredText out = new StructuredText();
        for (GateVerdict each : gates) {
            out.member().add(each.filter()).add(each.passed() ? ";passed" : ";passed=?0");
        }
        return out;
    }

    private StructuredText pool() {
        StructuredText out = new StructuredText();
        RoutedRequest known = routed;
        if (known == null || !known.hasBranch()) {
            return out;
        }
        PoolSnapshot snapshot = known.branch().pool().pool().snapshot();
        List<InstanceVerdict> verdicts = Explanation.instances(snapshot, null, Instant.now());
        for (InstanceVerdict each : verdicts.subList(0, Math.min(MOST_MEMBERS, verdicts.size()))) {
            out.member().text(each.key().id(), MOST_WHY).add(";verdict=").text(each.word(), MOST_WHY);
            out.add(";in-flight=").number(each.inFlight());
            if (!each.why().isEmpty()) {
                out.add(";why=").text(each.why(), MOST_WHY);
            }
        }
        if (verdicts.size() > MOST_MEMBERS) {
            out.member().add("more;count=").number(verdicts.size() - MOST_MEMBERS);
        }
        return out;
    }

    private StructuredText attemptList() {
        StructuredText out = new StructuredText();
        for (int i = 0; i < attempts.size(); i++) {
            if (attemptsLeftOut > 0 && i == MOST_MEMBERS - 1) {
                out.member().add("more;count=").number(attemptsLeftOut);
            }
            attempts.get(i).write(out);
        }
        return out;
    }

    private StructuredText sent() {
        StructuredText out = new StructuredText();
        RoutedRequest known = routed;
        Upstream to = newest;
        String target = known == null || to == null ? null : known.forwarded();
        if (known != null && to != null && target != null) {
            out.add("target=").text(target, MOST_TARGET);
            out.add(", host=").text(RequestHead.host(known, to), MOST_TEXT);
        }
        return out;
    }
}
