package dev.pointsman.registry.cache;

import dev.pointsman.registry.cache.ViewFormat.UnusableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that services are kept in. It is replaced whole or not at all, so that whoever reads it, after a crash or a
 * power cut too, finds an old view or a new one and never half of one. One process writes it. The methods block.
 */
final class ViewFile {
    /**
     * How old a word of the registry may be and still count. Over a night and a deployment instances have usually moved,
     * and an address that somebody else has by now is worse than none.
     */
    static final Duration MAX_AGE = Duration.ofDays(1);

    private static final Logger LOG = LoggerFactory.getLogger(ViewFile.class);

    private final Path file;
    private final String registry;

    /** @param registry what the file is to tell of, as {@code ConsulAddress.url()} or the like */
    ViewFile(Path file, String registry) {
        this.file = file.toAbsolutePath();
        this.registry = registry;
    }

    Path path() {
        return file;
    }

    /**
     * What the file says and may still be believed; nothing if there is no file.
     *
     * @param now services that were last heard of more than {@link #MAX_AGE} before are left out
     * @param warn is given one sentence if the file, or some of it, is left out
     */
    Map<String, KeptService> read(Instant now, Consumer<String> warn) {
        byte[] octets;
        try {
            octets = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return Map.of();
        } catch (IOException e) {
            warn.accept("The view file " + file + " cannot be read (" + e + "): starting without it");
            return Map.of();
        }
        try {
            return young(ViewFormat.read(octets, registry), now, warn);
        } catch (UnusableException e) {
            warn.accept("The view file " + file + " " + e.why() + ": starting without it");
            return Map.of();
        }
    }

    private Map<String, KeptService> young(Map<String, KeptService> all, Instant now, Consumer<String> warn) {
        Map<String, KeptService> young = new LinkedHashMap<>(all);
        young.values().removeIf(kept -> isOld(kept, now));
        if (young.size() < all.size()) {
            List<String> old = all.keySet().stream()
                    .filter(name -> !young.containsKey(name))
                    .toList();
            warn.accept("The view file " + file + " is older than " + MAX_AGE.toHours() + " h in what it says of "
                    + String.join(", ", old.subList(0, Math.min(old.size(), 5)))
                    + (old.size() > 5 ? " and " + (old.size() - 5) + " more" : "") + ": starting without that");
        }
        return young;
    }

    /** A time to come is as wrong as one long past: the clock was set, and nobody knows by how much. */
    static boolean isOld(KeptService kept, Instant now) {
        return Duration.between(kept.seen(), now).abs().compareTo(MAX_AGE) > 0;
    }

    /**
     * Replaces the file.
     *
     * @throws IOException if it could not be; the old one is still there then
     */
    void write(Map<String, KeptService> services) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer octets = ByteBuffer.wrap(ViewFormat.write(registry, services));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            // Before the rename, or a power cut may leave the new name with none of the new content.
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder();
    }

    private void forceFolder() {
        Path folder = file.getParent();
        if (folder == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("Folders cannot be forced to disk here; after a power cut the view file may be the old one", e);
        }
    }
}
