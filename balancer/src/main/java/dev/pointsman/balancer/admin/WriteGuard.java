package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.admin.AdminTokens.TokenVerdict;
import dev.pointsman.balancer.admin.ConfigAccess.ConfigAnswer;
import dev.pointsman.balancer.config.AdminAccess;
import dev.pointsman.balancer.config.DocumentTrust;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guard of everything that changes something by the admin API: who shows the token may, in a form that no page of the web
 * can send without asking first. What is done and what is refused is noted in the {@link AuditLog}. For the control plane's
 * event loop.
 */
public final class WriteGuard {
    private static final Logger log = LoggerFactory.getLogger(WriteGuard.class);
    private static final Set<String> MEDIA_TYPES = Set.of("application/json", "application/yaml");
    private static final String NO_TOKEN = "nothing can be changed here without a token: give one, of 16 characters or"
            + " more, by admin-token-file, admin-token or the variable " + AdminAccess.TOKEN_VARIABLE;

    private final Vertx vertx;
    private final AdminTokens tokens;
    private final AuditLog audit;
    private final LongSupplier nanoTime;
    private final WrongTokens wrongTokens = new WrongTokens();

    /** What is done with a request that may do it. */
    private interface Permitted {
        void go(RoutingContext rc, String who);
    }

    /** A question that comes with a document. */
    @FunctionalInterface
    interface Question {
        /** Answers it; {@code from} is the trust in who asks. */
        void answer(RoutingContext rc, Buffer body, DocumentTrust from);
    }

    /** A change. */
    @FunctionalInterface
    interface Write {
        /** Makes the change, and says what to answer; a {@link WriteRefusedException} says so itself. */
        Future<ConfigAnswer> apply(RoutingContext rc, Buffer body);
    }

    /**
     * A guard.
     *
     * @param access the rule in force
     * @param nanoTime measures how lately a wrong token was shown
     */
    public WriteGuard(Vertx vertx, Supplier<AdminAccess> access, AuditLog audit, LongSupplier nanoTime) {
        this.vertx = vertx;
        this.tokens = new AdminTokens(access, nanoTime);
        this.audit = audit;
        this.nanoTime = nanoTime;
    }

    /** Lets a change happen, if it may. */
    void handle(RoutingContext rc, Write write) {
        guard(rc, (asked, who) -> take(asked, who, write), (asked, who) -> refuse(asked, who, 403, NO_TOKEN));
    }

    /**
     * Lets a question be answered that a document may turn into a look at this process: by who shows the token, or, where
     * none is configured, by anybody, who is trusted less. Only refusals are noted.
     */
    void question(RoutingContext rc, Question question) {
        guard(
                rc,
                (asked, who) -> ask(asked, who, question, DocumentTrust.OPERATOR),
                (asked, who) -> ask(asked, who, question, DocumentTrust.ANYBODY));
    }

    private void ask(RoutingContext rc, String who, Question question, DocumentTrust from) {
        Future<Buffer> body = rc.request().body();
        rc.request().resume();
        body.onSuccess(read -> question.answer(rc, read, from)).onFailure(cause -> fail(rc, who, cause));
    }

    private void guard(RoutingContext rc, Permitted right, Permitted withoutToken) {
        HttpServerRequest request = rc.request();
        request.pause();
        String who = who(rc);
        if (wrongTokens.isMany(who, nanoTime.getAsLong())) {
            vertx.setTimer(WrongTokens.DELAY.toMillis(), fired -> check(rc, who, right, withoutToken));
        } else {
            check(rc, who, right, withoutToken);
        }
    }

    private void check(RoutingContext rc, String who, Permitted right, Permitted withoutToken) {
        String shown = rc.request().getHeader("Authorization");
        Future<TokenVerdict> verdict = tokens.readsFile()
                ? vertx.executeBlocking(() -> tokens.check(shown), false)
                : Future.succeededFuture(tokens.check(shown));
        verdict.onSuccess(known -> judge(rc, who, known, right, withoutToken))
                .onFailure(broken -> fail(rc, who, broken));
    }

    private void judge(RoutingContext rc, String who, TokenVerdict verdict, Permitted right, Permitted withoutToken) {
        switch (verdict) {
            case NO_TOKEN -> withoutToken.go(rc, who);
            case NO_TOKEN_IN_FILE ->
                refuse(rc, who, 403, "nothing can be changed here: admin-token-file holds no token that can be read");
            case WRONG -> {
                wrongTokens.wrong(who, nanoTime.getAsLong());
                rc.response().putHeader("WWW-Authenticate", "Bearer");
                refuse(rc, who, 401, "a field Authorization: Bearer TOKEN with the right token is needed for this");
            }
            case RIGHT -> {
                wrongTokens.right(who);
                right.go(rc, who);
            }
        }
    }

    private void take(RoutingContext rc, String who, Write write) {
        String form = unusableForm(rc.request());
        if (form != null) {
            refuse(rc, who, 415, form);
            return;
        }
        Future<Buffer> body = rc.request().body();
        rc.request().resume();
        body.compose(read -> write.apply(rc, read))
                .onSuccess(answer -> done(rc, who, answer))
                .onFailure(cause -> fail(rc, who, cause));
    }

    /** A page of the web can send a form or plain text anywhere; for these types its browser has to ask before. */
    private static @Nullable String unusableForm(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        String length = request.getHeader("Content-Length");
        boolean hasBody = request.getHeader("Transfer-Encoding") != null || (length != null && !length.equals("0"));
        if (type == null && !hasBody) {
            return null;
        }
        String plain = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return MEDIA_TYPES.contains(plain)
                ? null
                : "Content-Type: " + (type == null ? "not given" : "\"" + type + "\"")
                        + " (expected: application/json or application/yaml)";
    }

    private void done(RoutingContext rc, String who, ConfigAnswer answer) {
        String result = answer.status() == 200
                ? answer.body().getString("summary", "done")
                : answer.body().getString("error", "refused");
        audit.note(who, what(rc), answer.status(), result);
        Replies.respond(rc, answer.status(), answer.body());
    }

    private void fail(RoutingContext rc, String who, Throwable cause) {
        if (cause instanceof WriteRefusedException refused) {
            audit.note(who, what(rc), refused.status(), String.valueOf(refused.getMessage()));
            Replies.respond(rc, refused.status(), Replies.problems(refused.problems()));
            return;
        }
        if (rc.response().closed()) {
            audit.note(who, what(rc), 0, "the client left before it had sent all");
            return;
        }
        log.error("{} of {} failed", what(rc), who, cause);
        refuse(rc, who, 500, "it failed; the log says why");
    }

    private void refuse(RoutingContext rc, String who, int status, String sentence) {
        audit.note(who, what(rc), status, sentence);
        // The body is not read.
        rc.response().putHeader("Connection", "close");
        Replies.respond(rc, status, new JsonObject().put("error", sentence));
        rc.request().resume();
    }

    static String who(RoutingContext rc) {
        String address = rc.request().remoteAddress().hostAddress();
        return address == null ? "unknown" : address;
    }

    static String what(RoutingContext rc) {
        return rc.request().method().name() + " " + rc.request().uri();
    }
}
