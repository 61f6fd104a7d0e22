package dev.pointsman.registry.junit;

import dev.pointsman.agent.RegistrationFormat;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** The handler of a service that has no other: responds with the service's name and the instance's id, as JSON. */
final class InstanceNameHandler implements Handler<HttpServerRequest> {
    private final String name;

    InstanceNameHandler(String name) {
        this.name = name;
    }

    @Override
    public void handle(HttpServerRequest request) {
        // By the connection, as the port is not known yet when the handler is made.
        String id = RegistrationFormat.id(
                name, TestRegistry.HOST, request.connection().localAddress().port());
        // Neither can have a character that JSON would want escaped.
        request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end("{\"service\":\"" + name + "\",\"id\":\"" + id + "\"}");
    }
}
