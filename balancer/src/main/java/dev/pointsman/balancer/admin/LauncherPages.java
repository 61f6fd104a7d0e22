package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.admin.LauncherAccess.LauncherFacts;
import dev.pointsman.balancer.admin.LauncherAccess.NoOutputException;
import dev.pointsman.balancer.admin.LauncherAccess.ProcessFacts;
import dev.pointsman.balancer.admin.LauncherAccess.TypeFacts;
import dev.pointsman.balancer.config.DocumentTrust;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paths of the launchers that run beside this balancer. Launchers are asked on a thread that may block, one request after the
 * other. What instances print may be secret: where there is a token it has to be shown for that, and without one it does not leave
 * this machine.
 */
public final class LauncherPages implements AdminPart {
    private static final Logger log = LoggerFactory.getLogger(LauncherPages.class);
    private static final Pattern LINES = Pattern.compile("[0-9]{1,5}");
    private static final int MOST_LINES = 10_000;
    private static final String DEFAULT_LINES = "200";

    /** The most that may wait for a log at a time. */
    private static final int MOST_WAITING = 8;

    private final WorkerExecutor worker;
    private final LauncherAccess launchers;
    private final WriteGuard guard;
    private @Nullable Future<JsonObject> asked;
    private int waiting;

    public LauncherPages(Vertx vertx, LauncherAccess launchers, WriteGuard guard) {
        this.worker = vertx.createSharedWorkerExecutor("launchers", 1);
        this.launchers = launchers;
        this.guard = guard;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/launchers").handler(this::list);
        router.get("/api/launchers/:type/:instance/log")
                .handler(rc -> guard.question(rc, (allowed, unusedBody, from) -> log(allowed, from)));
    }

    private void list(RoutingContext rc) {
        Future<JsonObject> now = asked;
        if (now == null) {
            Future<JsonObject> begun = worker.executeBlocking(() -> json(launchers.launchers()), false);
            asked = begun;
            now = begun;
            begun.onComplete(over -> asked = null);
        }
        now.onSuccess(json -> Replies.respond(rc, 200, json)).onFailure(failed -> {
            log.warn("the launchers cannot be asked: {}", failed.toString());
            Replies.refuse(rc, 500, "the launchers cannot be asked; the log says why");
        });
    }

    private static JsonObject json(List<LauncherFacts> all) {
        return new JsonObject().put("launchers", RoutingJson.list(all, launcher -> new JsonObject()
                .put("pid", launcher.pid())
                .put("name", launcher.name())
                .put("keepsOutput", launcher.keepsOutput())
                .put("types", RoutingJson.list(launcher.types(), LauncherPages::type))));
    }

    private static JsonObject type(TypeFacts type) {
        return new JsonObject()
                .put("name", type.name())
                .put("wanted", type.wanted())
                .put("running", type.running())
                .put("instances", RoutingJson.list(type.instances(), LauncherPages::instance));
    }

    private static JsonObject instance(ProcessFacts instance) {
        return new JsonObject()
                .put("id", instance.id())
                .put("pid", instance.pid() == 0 ? null : instance.pid())
                .put("port", instance.port() == 0 ? null : instance.port())
                .put("state", instance.state())
                .put("restarts", instance.restarts())
                .put("cpuPercent", instance.cpuPercent())
                .put("memoryBytes", instance.memoryBytes())
                .put(
                        "startedAt",
                        instance.startedAt() == null
                                ? null
                                : instance.startedAt().toString())
                .put("why", instance.why());
    }

    private void log(RoutingContext rc, DocumentTrust from) {
        if (from == DocumentTrust.ANYBODY && !isOnThisMachine(rc)) {
            Replies.refuse(rc, 403, "without an admin token, output is shown on a loopback address alone");
            return;
        }
        String lines = rc.request().getParam("lines", DEFAULT_LINES);
        if (!LINES.matcher(lines).matches() || Integer.parseInt(lines) > MOST_LINES) {
            Replies.refuse(rc, 400, "lines: \"" + lines + "\" (expected: a whole number from 0 to " + MOST_LINES + ")");
            return;
        }
        if (waiting >= MOST_WAITING) {
            Replies.refuse(rc, 503, "too many logs are being read right now");
            return;
        }
        waiting++;
        String type = rc.pathParam("type");
        String instance = rc.pathParam("instance");
        worker.executeBlocking(() -> launchers.lastLines(type, instance, Integer.parseInt(lines)), false)
                .onComplete(over -> waiting--)
                .onSuccess(read -> text(rc, read))
                .onFailure(failed -> failed(rc, failed));
    }

    private static void text(RoutingContext rc, List<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        // It may look like a page, and must not be shown as one.
        rc.response().putHeader("X-Content-Type-Options", "nosniff");
        Replies.respond(rc, 200, "text/plain; charset=utf-8", Buffer.buffer(text.toString()));
    }

    private static void failed(RoutingContext rc, Throwable cause) {
        if (cause instanceof NoOutputException none) {
            Replies.refuse(rc, 404, String.valueOf(none.getMessage()));
            return;
        }
        log.warn("{} failed: {}", WriteGuard.what(rc), cause.toString());
        Replies.refuse(rc, 500, "the output cannot be read; the log says why");
    }

    private static boolean isOnThisMachine(RoutingContext rc) {
        String address = rc.request().localAddress().hostAddress();
        return address != null && isLoopback(address);
    }

    /** Of an address in digits, for which nothing is looked up. */
    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException noAddress) {
            return false;
        }
    }
}
