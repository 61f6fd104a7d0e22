package dev.pointsman.registry.consul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.orbitz.consul.ConsulException;
import dev.pointsman.registry.OneLine;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The translation of the orbitz client's exceptions into one clear {@link RegistryException} each. */
final class ConsulFailures {
    private static final int LONGEST_QUOTE = 300;

    private final String url;

    ConsulFailures(String url) {
        this.url = url;
    }

    /** @param what what Consul was asked to do, as an infinitive without "to" */
    RegistryException of(String what, Throwable failure) {
        if (failure instanceof ConsulException response && response.getCode() != 0) {
            return refused(what, response);
        }
        Throwable reason =
                failure instanceof ConsulException wrapper && wrapper.getCause() != null ? wrapper.getCause() : failure;
        if (reason instanceof JsonProcessingException json) {
            return new RegistryException(
                    Kind.MALFORMED,
                    url + " was asked to " + what + " and gave a response that Consul would not give: "
                            + quote(json.getOriginalMessage()),
                    reason);
        }
        return unreachable(what, reason(reason), reason);
    }

    RegistryException unreachable(String what, String why, Throwable cause) {
        return new RegistryException(
                Kind.UNREACHABLE, "Consul at " + url + " could not be asked to " + what + ": " + why, cause);
    }

    static boolean isNotFound(RegistryException failure) {
        return failure.getCause() instanceof ConsulException response && response.getCode() == 404;
    }

    private RegistryException refused(String what, ConsulException response) {
        int status = response.getCode();
        Kind kind = status == 429 || status >= 500 ? Kind.UNAVAILABLE : Kind.REJECTED;
        String message = String.valueOf(response.getMessage());
        // orbitz puts "Consul request failed with status [403]: " before Consul's own words.
        int start = message.indexOf("]: ");
        String text = quote(start < 0 ? message : message.substring(start + 3));
        return new RegistryException(
                kind,
                "Consul at " + url + " was asked to " + what + " and responded " + status
                        + (text.isEmpty() ? "" : ": " + text),
                response);
    }

    private static String reason(Throwable failure) {
        if (failure instanceof SocketTimeoutException) {
            return "no response in time (" + failure.getMessage() + ")";
        }
        if (failure instanceof UnknownHostException) {
            return "its host name is unknown";
        }
        Throwable root = failure;
        while (root.getCause() instanceof IOException deeper) {
            root = deeper;
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : quote(message);
    }

    private static String quote(@Nullable String text) {
        return OneLine.of(text == null ? "" : text, LONGEST_QUOTE);
    }
}
