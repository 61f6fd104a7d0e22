package dev.pointsman.launcher.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The file by which a launcher that was killed is found by the next one: {@code launcher-NAME.json} with its instances, and
 * beside it {@code launcher-NAME.lock}, which it holds locked while it lives. The kernel releases the lock whatever ends the
 * process, so a process that gets the lock knows that the launcher is dead. Thread-safe.
 */
public final class LauncherFile implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "launcher-";
    private static final String LOCK = ".lock";

    /**
     * The paths of the lock files that this process has locked. Such a file must not even be opened a second time: with
     * the closing of any channel to it the process loses its lock (fcntl(2), record locks).
     */
    private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final String name;
    private final Path lockPath;
    private final FileChannel channel;
    private boolean deleted;

    /**
     * One instance in the file.
     *
     * @param id its id in the registry
     * @param pid its process, 0 if there is none yet
     */
    public record InstanceEntry(String id, long pid) {}

    private LauncherFile(Path folder, String name, Path lockPath, FileChannel channel) {
        this.folder = folder;
        this.name = name;
        this.lockPath = lockPath;
        this.channel = channel;
    }

    /**
     * Creates the file of this launcher, without an entry.
     *
     * @param folder a private folder of the user
     * @param name the launcher's own, as {@link ProcessPrograms} has it
     * @throws IOException also when the name is in use
     */
    public static LauncherFile create(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        LauncherFile file = lock(folder, name)
                .orElseThrow(
                        () -> new IOException(folder.resolve(PREFIX + name + LOCK) + " is in use by another launcher"));
        file.write(List.of());
        return file;
    }

    /** The files of launchers that are dead, locked; the caller has to delete or close them. */
    static List<LauncherFile> ofTheDead(Path folder) throws IOException {
        List<LauncherFile> found = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (var files = Files.newDirectoryStream(folder, PREFIX + "*" + LOCK)) {
            for (Path file : files) {
                String text = String.valueOf(file.getFileName());
                lock(folder, text.substring(PREFIX.length(), text.length() - LOCK.length()))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<LauncherFile> lock(Path folder, String name) throws IOException {
        Path path = folder.resolve(PREFIX + name + LOCK).toAbsolutePath().normalize();
        if (!LOCKED.add(path)) {
            return Optional.empty();
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            LOCKED.remove(path);
            return Optional.empty();
        }
        return Optional.of(new LauncherFile(folder, name, path, channel));
    }

    String name() {
        return name;
    }

    /** Replaces the file's contents, whole or not at all; does nothing once the file was deleted. */
    public synchronized void write(List<InstanceEntry> entries) throws IOException {
        if (deleted) {
            // A write that was queued before the deletion.
            return;
        }
        ObjectNode root = JSON.createObjectNode();
        root.put("launcher", ProcessHandle.current().pid());
        ArrayNode list = root.putArray("instances");
        entries.forEach(entry -> list.addObject().put("id", entry.id()).put("pid", entry.pid()));
        Path draft = folder.resolve(PREFIX + name + ".tmp");
        Files.write(draft, JSON.writeValueAsBytes(root));
        Files.move(draft, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The file's entries; none if its launcher died before it wrote any, or the file cannot be read. */
    synchronized List<InstanceEntry> read() {
        List<InstanceEntry> entries = new ArrayList<>();
        try {
            for (JsonNode entry : JSON.readTree(Files.readAllBytes(file())).path("instances")) {
                entries.add(new InstanceEntry(
                        entry.path("id").asText(), entry.path("pid").asLong()));
            }
        } catch (IOException notWritten) {
            return List.of();
        }
        return entries;
    }

    private Path file() {
        return folder.resolve(PREFIX + name + ".json");
    }

    /** Deletes the file and releases the lock. */
    public synchronized void delete() throws IOException {
        deleted = true;
        Files.deleteIfExists(file());
        Files.deleteIfExists(folder.resolve(PREFIX + name + ".tmp"));
        // Last, and while it is still locked: until then it is the file of a living launcher.
        Files.deleteIfExists(lockPath);
        close();
    }

    /** Releases the lock; the file stays. */
    @Override
    public synchronized void close() throws IOException {
        channel.close();
        LOCKED.remove(lockPath);
    }
}
