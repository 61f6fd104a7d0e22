package dev.pointsman.balancer.dashboard;

import dev.pointsman.balancer.admin.AdminPart;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The page at {@code /} of the admin port, and its files below {@code /dashboard/}. All that it shows it reads from the
 * admin API; these files are the same for everybody. Its policy (Content Security Policy Level 3) lets the browser take
 * scripts, styles and data from this port alone, and lets no text become markup (Trusted Types). Thread-safe.
 */
public final class DashboardPage implements AdminPart {
    static final String INDEX = "index.html";
    private static final String FOLDER = "/dashboard/";
    private static final String POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'");

    /** The files below {@code /dashboard/}; a test compares them with those that there are. */
    static final List<String> FILES = List.of(
            "app.js",
            "format.js",
            "html.js",
            "icon.svg",
            "css/base.css",
            "css/panels.css",
            "css/services.css",
            "lib/htm/htm.module.js",
            "lib/preact/preact.module.js",
            "model/access.js",
            "model/actions.js",
            "model/changes.js",
            "model/histories.js",
            "model/live.js",
            "model/order.js",
            "model/page.js",
            "model/query.js",
            "model/requests.js",
            "model/store.js",
            "model/types.js",
            "parts/changes.js",
            "parts/config.js",
            "parts/dialogs.js",
            "parts/explain.js",
            "parts/figures.js",
            "parts/header.js",
            "parts/instances.js",
            "parts/launchers.js",
            "parts/picture.js",
            "parts/service.js",
            "parts/services.js",
            "parts/sparkline.js",
            "parts/state.js",
            "parts/summary.js",
            "parts/table.js");

    /** Those that were asked for: a start does not wait for files that nobody may ever look at. */
    private final Map<String, Future<PageFile>> files = new ConcurrentHashMap<>();

    @Override
    public void mount(Router router) {
        router.route("/").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(rc -> respond(rc, INDEX));
        FILES.forEach(name -> router.route(FOLDER + name)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(rc -> respond(rc, name)));
    }

    private void respond(RoutingContext rc, String name) {
        files.computeIfAbsent(name, asked -> rc.vertx().executeBlocking(() -> PageFile.read(asked), false))
                .onSuccess(file -> respond(rc, file))
                .onFailure(unreadable -> {
                    // The next one that asks may have more luck.
                    files.remove(name);
                    rc.fail(unreadable);
                });
    }

    private static void respond(RoutingContext rc, PageFile file) {
        HttpServerResponse response = rc.response()
                .putHeader(HttpHeaders.ETAG, file.entityTag())
                // Asked for again each time: a balancer of another version has other files by the same names.
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
        if (matches(rc.request().getHeader(HttpHeaders.IF_NONE_MATCH), file.entityTag())) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, file.contentType()).end(file.content());
        }
    }

    /** Whether one of the tags is the file's; compared weakly, as RFC 9110, 13.1.2 has it. */
    private static boolean matches(@Nullable String tags, String own) {
        return tags != null
                && Arrays.stream(tags.split(",", -1))
                        .map(tag -> tag.strip())
                        .anyMatch(tag -> tag.equals("*") || tag.equals(own) || tag.equals("W/" + own));
    }
}
