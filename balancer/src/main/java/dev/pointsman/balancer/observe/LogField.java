package dev.pointsman.balancer.observe;

/**
 * An argument of a sentence in the log that is a field of its own where the log is JSON. As text it is its value and nothing
 * more, so that the sentence reads the same in either form.
 *
 * @param name of the field: {@code requestId}
 * @param value as the sentence has it
 */
public record LogField(String name, String value) {
    /** The id of the request that a sentence is about. */
    public static LogField requestId(String id) {
        return new LogField("requestId", id);
    }

    @Override
    public String toString() {
        return value;
    }
}
