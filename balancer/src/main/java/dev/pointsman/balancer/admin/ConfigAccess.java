package dev.pointsman.balancer.admin;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** What the admin API can see and do with the configuration. Thread-safe. */
public interface ConfigAccess {
    /** A configuration that cannot be read again. */
    ConfigAccess FIXED = new ConfigAccess() {
        @Override
        public Future<JsonObject> config() {
            return Future.succeededFuture(new JsonObject().put("version", 1).put("reloadable", false));
        }

        @Override
        public Future<ConfigAnswer> reload(String cause) {
            return Future.succeededFuture(new ConfigAnswer(
                    409, new JsonObject().put("error", "this balancer has no configuration that could be read again")));
        }
    };

    /** The configuration in force, and the refused one, without secrets. */
    Future<JsonObject> config();

    /** Reads the configuration again and puts it in force. */
    Future<ConfigAnswer> reload(String cause);

    /** The answer to a reload: 200, or why it was refused. */
    record ConfigAnswer(int status, JsonObject body) {}
}
