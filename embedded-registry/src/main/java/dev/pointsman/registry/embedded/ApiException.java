package dev.pointsman.registry.embedded;

/** The error response to a request: its status, and the text that Consul has for it. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final boolean fromCatalog;

    private ApiException(int status, String text, boolean fromCatalog) {
        // No stack trace: this is a response, not a fault of the registry.
        super(text, null, false, false);
        this.status = status;
        this.fromCatalog = fromCatalog;
    }

    static ApiException badRequest(String text) {
        return new ApiException(400, text, false);
    }

    static ApiException of(int status, String text) {
        return new ApiException(status, text, false);
    }

    /** An error that Consul's servers find, not the agent: it carries the headers of a query, with no leader. */
    static ApiException fromCatalog(String text) {
        return new ApiException(500, text, true);
    }

    int status() {
        return status;
    }

    boolean isFromCatalog() {
        return fromCatalog;
    }

    String text() {
        String text = getMessage();
        return text == null ? "" : text;
    }
}
