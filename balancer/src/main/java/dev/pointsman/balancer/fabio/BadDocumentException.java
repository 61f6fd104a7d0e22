package dev.pointsman.balancer.fabio;

import java.util.List;

/** The failure of a text to be a document of fabio's language. */
public final class BadDocumentException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    BadDocumentException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** A sentence for each line that cannot be read, with its number and what was expected. */
    public List<String> problems() {
        return problems;
    }
}
