package dev.pointsman.balancer.tls;

import java.nio.file.Path;

/** A file of certificates or keys that cannot be used; the message is a sentence with the file, what is wrong and what was expected. */
public final class BadTlsFileException extends Exception {
    private static final long serialVersionUID = 1L;

    BadTlsFileException(Path file, String what) {
        this(file + ": " + what);
    }

    BadTlsFileException(String sentence) {
        // All is in the sentence; a trace would lead nowhere but here.
        super(sentence, null, false, false);
    }
}
