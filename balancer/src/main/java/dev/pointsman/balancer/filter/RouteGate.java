package dev.pointsman.balancer.filter;

import dev.pointsman.balancer.filter.GateReply.ReplyField;
import dev.pointsman.balancer.filter.PasswordCheck.AuthResult;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.route.AccessRule;
import dev.pointsman.balancer.route.AuthRule;
import dev.pointsman.balancer.route.CompressRule;
import dev.pointsman.balancer.route.HeaderEdits;
import dev.pointsman.balancer.route.PathRewrite;
import dev.pointsman.balancer.route.RateLimitRule;
import dev.pointsman.balancer.route.Redirect;
import dev.pointsman.balancer.route.RouteFilters;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The filters of one route, at work: what a request has to pass before it is forwarded, and what is changed in messages.
 * Thread-safe.
 */
public final class RouteGate {
    private static final String FOR = "X-Forwarded-For";

    private final RouteFilters filters;
    private final PathRewrite path;
    private final @Nullable CorsAnswers cors;
    private final @Nullable RateLimiter limiter;
    private final @Nullable PasswordCheck passwords;

    RouteGate(
            RouteFilters filters, PathRewrite path, @Nullable RateLimiter limiter, @Nullable PasswordCheck passwords) {
        this.filters = filters;
        this.path = path;
        this.cors = filters.cors() == null ? null : new CorsAnswers(filters.cors());
        this.limiter = limiter;
        this.passwords = passwords;
    }

    /** How a request goes on. */
    public enum Passage {
        /** Forwarded. */
        OPEN,
        /** Responded to here. */
        REPLIED,
        /** To be told later, and not to be read further until then. */
        LATER
    }

    /**
     * Looks at a request.
     *
     * @param reply called, before this returns, if a reply is due
     */
    public Passage enter(FilteredRequest request, Consumer<GateReply> reply) {
        GateReply early = beforeLogin(request);
        if (early != null) {
            reply.accept(early);
            return Passage.REPLIED;
        }
        AuthResult login = login(request);
        return login == null ? Passage.LATER : afterLogin(request, login, reply);
    }

    /**
     * Waits for the check of a password, after {@link Passage#LATER}.
     *
     * @param done called once, on any thread, with what {@link #afterLogin} is to be told
     */
    public void awaitLogin(FilteredRequest request, Consumer<LoginOutcome> done) {
        PasswordCheck check = passwords;
        String authorization = request.fields().get(HttpHeaderNames.AUTHORIZATION);
        if (check == null || authorization == null) {
            done.accept(new LoginOutcome(AuthResult.REFUSED));
        } else {
            check.ask(authorization, result -> done.accept(new LoginOutcome(result)));
        }
    }

    /** What came of a login. */
    public static final class LoginOutcome {
        private final AuthResult result;

        private LoginOutcome(AuthResult result) {
            this.result = result;
        }
    }

    /** Goes on once it is known who asks. */
    public Passage afterLogin(FilteredRequest request, LoginOutcome login, Consumer<GateReply> reply) {
        return afterLogin(request, login.result, reply);
    }

    private @Nullable GateReply beforeLogin(FilteredRequest request) {
        AccessRule access = filters.access();
        if (access != null
                && !access.allows(
                        request.peerAddress(),
                        request.originAddress(),
                        request.fields().getAll(FOR))) {
            return GateReply.refusal(FailureKind.FORBIDDEN);
        }
        GateReply preflight = cors == null ? null : cors.preflight(request);
        if (preflight != null) {
            return preflight;
        }
        long wait = limiter == null ? 0 : limiter.tryAcquire(request);
        return wait > 0 && limiter != null ? tooMany(limiter.rule().rate(), wait) : null;
    }

    /** The fields are those of draft-ietf-httpapi-ratelimit-headers-10. */
    private static GateReply tooMany(RateLimitRule.Rate rate, long waitNanos) {
        long seconds = Math.max(1, (waitNanos + TimeUnit.SECONDS.toNanos(1) - 1) / TimeUnit.SECONDS.toNanos(1));
        return GateReply.refusal(
                FailureKind.TOO_MANY_REQUESTS,
                new ReplyField("Retry-After", Long.toString(seconds)),
                new ReplyField(
                        "RateLimit-Policy",
                        "\"default\";q=" + rate.requests() + ";w=" + rate.per().toSeconds()),
                new ReplyField("RateLimit", "\"default\";r=0;t=" + seconds));
    }

    private @Nullable AuthResult login(FilteredRequest request) {
        if (filters.auth() == null) {
            return AuthResult.GRANTED;
        }
        List<String> given = request.fields().getAll(HttpHeaderNames.AUTHORIZATION);
        // Of two an instance may read the other one.
        return passwords == null || given.size() != 1 ? AuthResult.REFUSED : passwords.lookUp(given.get(0));
    }

    private Passage afterLogin(FilteredRequest request, AuthResult login, Consumer<GateReply> reply) {
        AuthRule auth = filters.auth();
        if (login == AuthResult.OVERLOADED) {
            reply.accept(GateReply.refusal(FailureKind.AUTH_OVERLOAD));
            return Passage.REPLIED;
        }
        if (auth != null && login == AuthResult.REFUSED) {
            reply.accept(GateReply.refusal(
                    FailureKind.UNAUTHORIZED,
                    new ReplyField("WWW-Authenticate", "Basic realm=\"" + auth.realm() + "\", charset=\"UTF-8\"")));
            return Passage.REPLIED;
        }
        Redirect redirect = filters.redirect();
        if (redirect == null) {
            return Passage.OPEN;
        }
        String host = request.host();
        String location = redirect.location(
                host == null ? "" : host,
                request.target().originForm(),
                request.target().path(),
                path);
        reply.accept(
                location == null
                        ? GateReply.refusal(FailureKind.AMBIGUOUS_PATH)
                        : new GateReply(null, redirect.status(), List.of(new ReplyField("Location", location))));
        return Passage.REPLIED;
    }

    /** Whether a field of the request goes no further. */
    public boolean dropsFromRequest(CharSequence name) {
        AuthRule auth = filters.auth();
        return filters.request().takesAway(name)
                || (auth != null && !auth.pass() && HttpHeaderNames.AUTHORIZATION.contentEqualsIgnoreCase(name));
    }

    /** The fields that the request gets. */
    public void addToRequest(FilteredRequest request, String instance, FieldSink sink) {
        HeaderEdits edits = filters.request();
        if (!edits.isNone()) {
            FieldValues values = new FieldValues(request, instance);
            edits.set().forEach(field -> sink.field(field.name(), values.of(field.value())));
            edits.add().forEach(field -> sink.field(field.name(), values.of(field.value())));
        }
    }

    /** A receiver of header fields. */
    @FunctionalInterface
    public interface FieldSink {
        void field(String name, String value);
    }

    /**
     * Changes the fields of a response.
     *
     * @param instance address and port of the instance that gave it; null if it is the balancer's own
     */
    public void changeResponse(HttpHeaders fields, FilteredRequest request, @Nullable String instance) {
        HeaderEdits edits = filters.response();
        if (!edits.isNone()) {
            FieldValues values = new FieldValues(request, instance);
            edits.remove().forEach(fields::remove);
            edits.set().forEach(field -> fields.set(field.name(), values.of(field.value())));
            edits.add().forEach(field -> fields.add(field.name(), values.of(field.value())));
        }
        if (cors != null) {
            cors.addTo(fields, request, instance == null);
        }
    }

    /**
     * What the filters said of a request that has been here.
     *
     * @param reply the one that it got here; null if it passed
     */
    public List<GateVerdict> verdicts(@Nullable GateReply reply) {
        return GateVerdict.of(filters, reply);
    }

    /** The rule by which responses are compressed; null if none are. */
    public @Nullable CompressRule compress() {
        return filters.compress();
    }
}
