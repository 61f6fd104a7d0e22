package dev.pointsman.balancer.admin;

import java.util.List;

/** Thrown for a change by the admin API that is refused: the status of the response, and all that is wrong. */
public final class WriteRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient List<String> problems;

    public WriteRefusedException(int status, List<String> problems) {
        super(String.join("; ", problems));
        this.status = status;
        this.problems = List.copyOf(problems);
    }

    public WriteRefusedException(int status, String sentence) {
        this(status, List.of(sentence));
    }

    /** The status code of the response. */
    public int status() {
        return status;
    }

    /** A sentence for each problem. */
    public List<String> problems() {
        return problems;
    }
}
