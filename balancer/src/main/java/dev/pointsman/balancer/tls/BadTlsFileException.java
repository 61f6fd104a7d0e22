package dev.pointsman.balancer.tls;

import java.nio.file.Path;

/** A file of certificates or keys that cannot be used; the message is a sentence with the file, what is wrong and what was expected. */
public final class BadTlsFileException extends Exception {
    private static final long serialVersionUID = 1L;

    BadTlsFileException(Path file, String what) {
        // Why is all in the sentence; no trace leads anywhere but here.
        super(file + ": " + what, null, false, false);
    }
}
