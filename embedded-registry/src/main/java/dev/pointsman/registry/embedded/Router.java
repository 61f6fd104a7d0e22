package dev.pointsman.registry.embedded;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of the API's paths with a handler for each method. A path that ends with a slash stands for everything below it, as in Consul: what follows
 * is one name, slashes included, and is decoded only after the route was found, so that {@code a%2Fb} and {@code a/b}
 * are the same key.
 */
final class Router {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private static final class PathMethods {
        private final Map<String, Consumer<ApiCall>> methods = new LinkedHashMap<>();

        private String allow() {
            return "OPTIONS," + String.join(",", methods.keySet());
        }
    }

    private final TreeMap<String, PathMethods> routes = new TreeMap<>();

    /** Adds the handler of a method to a path, in place of an earlier one. */
    Router on(String method, String path, Consumer<ApiCall> handler) {
        routes.computeIfAbsent(path, key -> new PathMethods()).methods.put(method, handler);
        return this;
    }

    Router get(String path, Consumer<ApiCall> handler) {
        return on("GET", path, handler);
    }

    Router put(String path, Consumer<ApiCall> handler) {
        return on("PUT", path, handler);
    }

    /** Responds to a request whose body has come in. */
    void handle(HttpServerRequest request, Buffer body) {
        String path = request.path() == null ? "/" : request.path();
        String found = find(path);
        PathMethods route = found == null ? null : routes.get(found);
        if (found == null || route == null) {
            new ApiCall(request, body, path).status(404).empty();
            return;
        }
        ApiCall call = new ApiCall(request, body, QueryParams.decode(path.substring(found.length()), false));
        String method = request.method().name();
        Consumer<ApiCall> handler = route.methods.get(method);
        if (handler != null) {
            respond(call, () -> {
                refuseFilter(call.query());
                handler.accept(call);
            });
        } else if (method.equals("OPTIONS")) {
            call.header("Allow", route.allow()).empty();
        } else {
            call.header("Allow", route.allow()).text(405, "method " + method + " not allowed");
        }
    }

    /** The longest path that covers this one. */
    private @Nullable String find(String path) {
        if (routes.containsKey(path)) {
            return path;
        }
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            String prefix = path.substring(0, slash + 1);
            if (routes.containsKey(prefix)) {
                return prefix;
            }
        }
        return null;
    }

    /** Consul's filter expressions are not there; without them a list would be longer than the client expects. */
    private static void refuseFilter(QueryParams query) {
        if (!query.get("filter").isBlank()) {
            throw ApiException.of(501, "the embedded registry has no ?filter expressions");
        }
    }

    /** Runs a handler and turns what it throws into the response. */
    static void respond(ApiCall call, Runnable handler) {
        try {
            handler.run();
        } catch (ApiException e) {
            if (e.isFromCatalog()) {
                call.header("X-Consul-Index", "1")
                        .header("X-Consul-Knownleader", "false")
                        .header("X-Consul-Lastcontact", "0");
            }
            call.text(e.status(), e.text());
        } catch (RuntimeException e) {
            LOG.error("The registry failed to handle a request; this is a bug in it", e);
            if (!call.isGone()) {
                call.text(500, "internal error: " + e);
            }
        }
    }
}
