package dev.pointsman.registry.cache;

import dev.pointsman.registry.cache.CacheFileFormat.UnusableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that services are cached in. It is replaced whole or not at all, so that its reader, after a crash or a power
 * cut too, finds an old view or a new one and never half of one. One process writes it, and where the file system has
 * permissions, only its user may read it. The methods block.
 */
final class CacheFile {
    /**
     * The highest age of a response of the registry that still counts. Over a night and a deployment instances have usually
     * moved, and an address that another program has by now is worse than none.
     */
    static final Duration MAX_AGE = Duration.ofDays(1);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private static final Logger LOG = LoggerFactory.getLogger(CacheFile.class);

    private final Path file;
    private final String registry;

    /** @param registry which registry the file has to be about, as {@code ConsulAddress.scope()} */
    CacheFile(Path file, String registry) {
        this.file = file.toAbsolutePath();
        this.registry = registry;
    }

    Path path() {
        return file;
    }

    /**
     * The services in the file that are not too old; none if there is no file.
     *
     * @param now services that were last listed more than {@link #MAX_AGE} before are left out
     * @param warn is given one sentence if the file, or some of it, is left out
     */
    Map<String, CachedService> read(Instant now, Consumer<String> warn) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return Map.of();
        } catch (IOException e) {
            warn.accept("The cache file " + file + " cannot be read (" + e + "): starting without it");
            return Map.of();
        }
        try {
            return young(CacheFileFormat.read(bytes, registry), now, warn);
        } catch (UnusableException e) {
            warn.accept("The cache file " + file + " " + e.why() + ": starting without it");
            return Map.of();
        }
    }

    private Map<String, CachedService> young(Map<String, CachedService> all, Instant now, Consumer<String> warn) {
        Map<String, CachedService> young = new LinkedHashMap<>(all);
        young.values().removeIf(cached -> isOld(cached, now));
        if (young.size() < all.size()) {
            List<String> old = all.keySet().stream()
                    .filter(name -> !young.containsKey(name))
                    .toList();
            warn.accept("The cache file " + file + " is older than " + MAX_AGE.toHours() + " h in what it says of "
                    + String.join(", ", old.subList(0, Math.min(old.size(), 5)))
                    + (old.size() > 5 ? " and " + (old.size() - 5) + " more" : "") + ": starting without that");
        }
        return young;
    }

    /** A time to come is as wrong as one long past: the clock was set, and it is unknown by how much. */
    static boolean isOld(CachedService cached, Instant now) {
        return Duration.between(cached.seen(), now).abs().compareTo(MAX_AGE) > 0;
    }

    /**
     * Replaces the file.
     *
     * @throws IOException if it could not be; the old one is still there then
     */
    void write(Map<String, CachedService> services) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        // One that a crash left behind may have other permissions, or be a link to anywhere.
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions(fresh))) {
            ByteBuffer bytes = ByteBuffer.wrap(CacheFileFormat.write(registry, services));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            // Before the rename, or a power cut may leave the new name with none of the new content.
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder();
    }

    /** Nobody else's: where the instances are and what they are like is nothing that every user of a machine is to know. */
    private static FileAttribute<?>[] permissions(Path fresh) {
        return fresh.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private void forceFolder() {
        Path folder = file.getParent();
        if (folder == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("Folders cannot be forced to disk here; after a power cut the cache file may be the old one", e);
        }
    }
}
