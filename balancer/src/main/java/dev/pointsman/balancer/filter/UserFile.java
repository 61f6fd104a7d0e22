package dev.pointsman.balancer.filter;

import dev.pointsman.balancer.route.Htpasswd;
import dev.pointsman.registry.OneLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An htpasswd file that is read again when it has changed. While it cannot be read nobody is let in. Thread-safe; only
 * {@link #refresh} blocks.
 */
final class UserFile {
    private static final Logger log = LoggerFactory.getLogger(UserFile.class);

    /** For so long a look at the file counts. */
    private static final long FRESH = TimeUnit.SECONDS.toNanos(1);

    private final String file;
    private final LongSupplier nanos;
    private @Nullable FileVersion version;
    private @Nullable String problem;
    private volatile FileLook look;

    /** What tells one content of a file from another without reading it. */
    private record FileVersion(
            FileTime changed, long size, @Nullable Object key) {}

    /** What was found, and until when it counts. */
    private record FileLook(Htpasswd users, long until) {}

    UserFile(String file, LongSupplier nanos) {
        this.file = file;
        this.nanos = nanos;
        this.look = new FileLook(Htpasswd.EMPTY, nanos.getAsLong());
    }

    /** The users, or null if the file has to be looked at again first. */
    @Nullable
    Htpasswd current() {
        FileLook last = look;
        return last.until - nanos.getAsLong() > 0 ? last.users : null;
    }

    /** Looks at the file, and reads it if it has changed. Blocks. */
    synchronized Htpasswd refresh() {
        Htpasswd known = current();
        if (known != null) {
            return known;
        }
        Htpasswd users = read();
        look = new FileLook(users, nanos.getAsLong() + FRESH);
        return users;
    }

    private Htpasswd read() {
        try {
            Path path = Path.of(file);
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            FileVersion found = new FileVersion(now.lastModifiedTime(), now.size(), now.fileKey());
            if (found.equals(version)) {
                return look.users;
            }
            Htpasswd users = Htpasswd.parse(file, Files.readAllLines(path));
            version = found;
            report(users.problems().isEmpty() ? null : String.join("; ", users.problems()));
            return users;
        } catch (IOException | RuntimeException unreadable) {
            version = null;
            report(file + ": cannot be read, and nobody is let in (" + unreadable + ")");
            return Htpasswd.EMPTY;
        }
    }

    /** Logs what is wrong, once. */
    private void report(@Nullable String found) {
        if (found != null && !Objects.equals(found, problem)) {
            log.warn("auth: {}", OneLine.of(found));
        } else if (found == null && problem != null) {
            log.info("auth: {}: can be read again", OneLine.of(file));
        }
        problem = found;
    }
}
