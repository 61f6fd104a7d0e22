package dev.pointsman.client;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Thrown when a call has no response: it names the service, and the instances that were tried. */
public class ServiceCallException extends IOException {
    private static final long serialVersionUID = 1;

    private final String service;
    private final List<String> tried;

    /**
     * A failure of one call.
     *
     * @param sentence what happened, in words that follow the service's name
     * @param tried the instances in the order of the attempts, each with its address
     */
    public ServiceCallException(String service, String sentence, List<String> tried, @Nullable Throwable cause) {
        super(service + ": " + sentence + (tried.isEmpty() ? "" : " (tried: " + String.join(", ", tried) + ")"), cause);
        this.service = service;
        this.tried = List.copyOf(tried);
    }

    /** The service, as {@link ServiceAddress#toString()} has it. */
    public String service() {
        return service;
    }

    /** The instances that were tried, in the order of the attempts. */
    public List<String> tried() {
        return tried;
    }
}
