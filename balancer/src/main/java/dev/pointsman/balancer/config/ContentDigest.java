package dev.pointsman.balancer.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A digest of files or texts, by which it is seen that nothing about them is new. SHA-256. Not thread-safe. */
final class ContentDigest {
    private final MessageDigest digest;

    ContentDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }

    void add(Path file, byte[] content) {
        digest.update((file + "\n" + content.length + "\n").getBytes(StandardCharsets.UTF_8));
        digest.update(content);
    }

    /** Adds a text that stands for itself: no two lists of texts are alike. */
    void add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        // No byte of UTF-8.
        digest.update((byte) 0xff);
    }

    /** The digest of all that was added, as text; once. */
    String text() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
