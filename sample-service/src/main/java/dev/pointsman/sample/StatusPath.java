package dev.pointsman.sample;

import io.vertx.core.http.HttpServerRequest;

/** {@code /status/NNN}: a response with that status, 200 to 599. */
final class StatusPath {
    private StatusPath() {}

    static void respond(HttpServerRequest request, String status) {
        if (!status.matches("[2-5][0-9][0-9]")) {
            SampleHandler.respond(request, 400, "status: " + status + " (expected: 200 to 599)");
            return;
        }
        int code = Integer.parseInt(status);
        if (code == 204 || code == 304) {
            // Neither may have a body (RFC 9110, 15.3.5 and 15.4.5).
            request.response().setStatusCode(code).end();
        } else {
            SampleHandler.respond(request, code, status);
        }
    }
}
