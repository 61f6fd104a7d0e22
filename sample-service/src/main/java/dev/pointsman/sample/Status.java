package dev.pointsman.sample;

import io.vertx.core.http.HttpServerRequest;

/** {@code /status/NNN}: an answer with that status, 200 to 599. */
final class Status {
    private Status() {}

    static void answer(HttpServerRequest request, String status) {
        if (!status.matches("[2-5][0-9][0-9]")) {
            SampleHandler.answer(request, 400, "status: " + status + " (expected: 200 to 599)");
            return;
        }
        int code = Integer.parseInt(status);
        if (code == 204 || code == 304) {
            // Neither may have a body (RFC 9110, 15.3.5 and 15.4.5).
            request.response().setStatusCode(code).end();
        } else {
            SampleHandler.answer(request, code, status);
        }
    }
}
