package dev.pointsman.client.internal.jdk;

import dev.pointsman.client.CallTimeoutException;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What failed, as users of the JDK's client expect to be told: always an {@link IOException}. */
final class CallFailures {
    private CallFailures() {}

    static IOException of(@Nullable Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return of(failure.getCause());
        }
        if (failure instanceof CallTimeoutException late) {
            HttpTimeoutException timeout = new HttpTimeoutException(late.getMessage());
            timeout.initCause(late);
            return timeout;
        }
        if (failure instanceof IOException told) {
            return told;
        }
        String message = failure == null ? null : failure.getMessage();
        return new IOException(message == null ? "the call failed" : message, failure);
    }
}
