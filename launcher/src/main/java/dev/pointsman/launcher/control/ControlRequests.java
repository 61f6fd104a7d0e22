package dev.pointsman.launcher.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.api.Operations;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The requests of the control socket: {@code op} names the operation, the other fields are its arguments. */
final class ControlRequests {
    private ControlRequests() {}

    /** Begins an operation; if it is unknown or lacks an argument, it ends at once with a sentence. */
    static CompletionStage<OperationResult> begin(JsonNode request, Operations operations, Consumer<String> progress) {
        String op = request.path("op").asText();
        String which = request.path("which").asText();
        if (which.isEmpty()) {
            return refused("the request " + request + " does not say which type or instance it is about");
        }
        return switch (op) {
            case "scale" -> operations.scale(which, request.path("change").asText(), progress);
            case "reload" -> operations.reload(which, request.path("batch").asInt(0), progress);
            case "restart" -> operations.restart(which, progress);
            case "signal" -> operations.signal(which, request.path("change").asText());
            case "reset" -> operations.reset(which);
            case "stop" -> operations.stop(which, progress);
            case "start" -> operations.start(which, progress);
            case "delete" -> operations.delete(which, progress);
            default -> refused("this launcher knows no operation \"" + op + "\"; it may be older than this command");
        };
    }

    private static CompletionStage<OperationResult> refused(String sentence) {
        return CompletableFuture.completedStage(new OperationResult(false, sentence));
    }
}
