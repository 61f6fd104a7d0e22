package dev.pointsman.system;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/**
 * An instance that speaks gRPC, in frames of HTTP/2 without a library: each message of a call comes back at once, whether one or many
 * are sent, and the trailers say which process it was. It listens on the port that its environment names.
 */
final class GrpcProgram {
    private GrpcProgram() {}

    public static void main(String[] args) {
        Vertx.vertx()
                .createHttpServer()
                .requestHandler(GrpcProgram::answer)
                .listen(Integer.parseInt(System.getenv("PORT")), "127.0.0.1")
                .await();
    }

    private static void answer(HttpServerRequest call) {
        call.response().putHeader("content-type", "application/grpc").setChunked(true);
        call.handler(call.response()::write);
        call.endHandler(end -> {
            call.response().putTrailer("grpc-status", "0");
            call.response()
                    .putTrailer("pid", Long.toString(ProcessHandle.current().pid()));
            call.response().end();
        });
    }
}
