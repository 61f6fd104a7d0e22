package dev.pointsman.balancer.upstream;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when this process falls short of what a connection to an upstream needs: a file descriptor or memory. Says nothing
 * about the upstream, which was not asked.
 */
public final class NoChannelException extends IOException {
    private static final long serialVersionUID = 1;

    /** The words of the operating system for EMFILE and ENFILE, ENOBUFS and ENOMEM, which the JDK passes on as text alone. */
    private static final List<String> WORDS =
            List.of("Too many open files", "No buffer space available", "Cannot allocate memory");

    NoChannelException(Throwable cause) {
        super(rootOf(cause).toString(), cause);
    }

    /** Whether this failure, or one that it comes from, tells of such a shortage. */
    public static boolean isShortage(Throwable failure) {
        for (Throwable each = failure; each != null; each = causeOf(each)) {
            if (each instanceof NoChannelException
                    || each instanceof OutOfMemoryError
                    || WORDS.stream().anyMatch(String.valueOf(each.getMessage())::contains)) {
                return true;
            }
        }
        return false;
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        for (Throwable each = failure; each != null; each = causeOf(each)) {
            root = each;
        }
        return root;
    }

    private static @Nullable Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == failure ? null : cause;
    }
}
