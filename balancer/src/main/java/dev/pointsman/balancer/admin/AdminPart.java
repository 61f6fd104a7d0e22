package dev.pointsman.balancer.admin;

import io.vertx.ext.web.Router;

/** A part of the admin API: the paths of one subject. */
@FunctionalInterface
public interface AdminPart {
    /** Adds its paths; their handlers run on the control plane's event loop and must not block it. */
    void mount(Router router);
}
