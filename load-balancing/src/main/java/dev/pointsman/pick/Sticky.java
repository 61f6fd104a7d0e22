package dev.pointsman.pick;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sticky sessions: a client goes on to where its first request went. The client keeps a cookie with a
 * token that names the instance without revealing anything about it ({@link StickyTokens}), so that nothing has to be
 * remembered here: a balancer that restarts, or another one with the same secret, sends it to the same place.
 *
 * <p>Clients without a token, or with one of an instance that is not there or not ready, go where another policy says, and
 * are given the token of that ({@link Picker#token}). An upstream that carries more than twice its share, and more than
 * 16, is spared by sending a request elsewhere ({@link LoadBound}), and so is an upstream that failed this request; the
 * client keeps its token then, as its session is still there.
 *
 * <p>Thread-safe.
 */
public final class Sticky implements PickPolicy {
    private final String cookie;
    private final StickyTokens tokens;
    private final PickPolicy others;

    /** The tokens of the newest snapshot's upstreams. For the pool's writer alone. */
    private Map<Upstream, String> issued = Map.of();

    /**
     * A policy that goes by a cookie.
     *
     * @param cookie its name
     * @param secret see {@link StickyTokens}; the same on every balancer
     * @param others where clients go that have no token
     * @throws IllegalArgumentException when the name is no cookie's name, or the secret too short
     */
    public Sticky(String cookie, byte[] secret, PickPolicy others) {
        if (!cookie.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
            throw new IllegalArgumentException("cookie: " + cookie + " (expected: a token of RFC 9110, 5.6.2)");
        }
        this.cookie = cookie;
        this.tokens = new StickyTokens(secret);
        this.others = others;
    }

    /** The name of the cookie that tokens travel in. */
    public String cookie() {
        return cookie;
    }

    @Override
    public Picker build(List<Upstream> ready, IntSupplier readyInFlight) {
        Map<Upstream, String> byUpstream = new HashMap<>();
        Map<String, Upstream> byToken = new HashMap<>();
        for (Upstream upstream : ready) {
            String known = issued.get(upstream);
            String token = known == null ? tokens.of(upstream) : known;
            byUpstream.put(upstream, token);
            byToken.put(token, upstream);
        }
        issued = byUpstream;
        return new ByToken(
                byUpstream, byToken, LoadBound.keeping(ready, readyInFlight), others.build(ready, readyInFlight));
    }

    private final class ByToken implements Picker {
        private final Map<Upstream, String> byUpstream;
        private final Map<String, Upstream> byToken;
        private final LoadBound bound;
        private final Picker rest;

        private ByToken(Map<Upstream, String> byUpstream, Map<String, Upstream> byToken, LoadBound bound, Picker rest) {
            this.byUpstream = byUpstream;
            this.byToken = byToken;
            this.bound = bound;
            this.rest = rest;
        }

        @Override
        public @Nullable Upstream pick(List<Upstream> tried, RequestFacts request) {
            Upstream home = home(tried, request);
            return home == null ? rest.pick(tried, request) : home;
        }

        @Override
        public @Nullable Upstream peek(RequestFacts request) {
            Upstream home = home(List.of(), request);
            return home == null ? rest.peek(request) : home;
        }

        /** Where the client was, if that may have the request. */
        private @Nullable Upstream home(List<Upstream> tried, RequestFacts request) {
            Upstream home = home(request);
            return home != null && home.isCandidate(tried) && bound.allows(home) ? home : null;
        }

        @Override
        public @Nullable String token(Upstream picked, RequestFacts request) {
            return home(request) == null ? byUpstream.get(picked) : null;
        }

        private @Nullable Upstream home(RequestFacts request) {
            String token = request.cookie(cookie);
            return token == null ? null : byToken.get(token);
        }
    }
}
