package dev.pointsman.balancer.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that a setting names and that is read with it, such as one of certificates: what is in it is a part of the configuration.
 *
 * @param key of the setting
 * @param path an absolute one
 * @param digest of what it held; empty if it could not be read
 */
public record NamedFile(String key, Path path, String digest) {
    /** The file as it is now. Blocks on the disk. */
    static NamedFile read(String key, Path path) {
        ContentDigest digest = new ContentDigest();
        try {
            digest.add(path, Files.readAllBytes(path));
            return new NamedFile(key, path, digest.text());
        } catch (IOException unreadable) {
            return new NamedFile(key, path, "");
        }
    }

    /** Whether it holds now what it held when it was read. Blocks on the disk. */
    boolean isAsRead() {
        return !digest.isEmpty() && read(key, path).equals(this);
    }
}
