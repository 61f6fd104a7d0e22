package dev.pointsman.balancer.live;

/** Thrown when a usable configuration could not be put in force; the message is a sentence that says why. */
public final class NotAppliedException extends Exception {
    private static final long serialVersionUID = 1;

    public NotAppliedException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
