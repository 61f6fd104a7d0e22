package dev.pointsman.balancer.admin;

import io.vertx.ext.web.Router;

/** A part of the admin API with paths of its own. */
@FunctionalInterface
public interface AdminPart {
    /** Adds its paths to the router of the admin API. */
    void mount(Router router);
}
