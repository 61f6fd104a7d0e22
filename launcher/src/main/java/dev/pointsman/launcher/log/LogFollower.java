package dev.pointsman.launcher.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A reader that follows a {@link RotatingFile} of another process: the rotated files first, and from then on what is appended,
 * however often the file is rotated meanwhile, also where a third program renames, deletes or truncates it. Not thread-safe.
 */
final class LogFollower implements Closeable {
    private static final int BLOCK = 64 * 1024;

    private final Path file;
    private final String type;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
    private byte[] incomplete = new byte[0];
    private @Nullable FileChannel open;
    private @Nullable Object openKey;
    /** The identities of the files that were there at the last look: read by now. */
    private Set<Object> seen = Set.of();

    LogFollower(Path file, String type) {
        this.file = file;
        this.type = type;
    }

    /** Reads all lines that are complete and were not read yet. */
    void read(Consumer<LogLine> lines) throws IOException {
        List<Path> younger = unread();
        // Once there is a younger one, nothing more comes to the open one, wherever it was moved.
        readOpen(lines);
        for (Path next : younger) {
            if (openKey == null || !Objects.equals(openKey, key(next))) {
                close();
                open(next);
            }
            readOpen(lines);
        }
    }

    /** All files that are younger than the open one, and that one too where it still has a name of ours; the oldest first. */
    private List<Path> unread() throws IOException {
        Map<Path, Object> all = new LinkedHashMap<>();
        for (int i = 0; ; i++) {
            Path each = i == 0 ? file : RotatingFile.rotated(file, i);
            Object key = key(each);
            if (key == null && i > 0) {
                break;
            }
            if (key != null) {
                all.put(each, key);
            }
        }
        boolean moved = openKey != null && !all.containsValue(openKey);
        List<Path> younger = new ArrayList<>();
        for (Map.Entry<Path, Object> each : all.entrySet()) {
            // Its own name is that of a new file then, be it that it was given the identity of a deleted one.
            if (moved && !each.getKey().equals(file) && seen.contains(each.getValue())) {
                break;
            }
            younger.add(0, each.getKey());
            if (each.getValue().equals(openKey)) {
                break;
            }
        }
        seen = Set.copyOf(all.values());
        return younger;
    }

    /** The identity of a file, which a renaming leaves as it is; that of an open file is given to no other. */
    private static @Nullable Object key(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    private void open(Path path) throws IOException {
        try {
            open = FileChannel.open(path, StandardOpenOption.READ);
            openKey = key(path);
        } catch (NoSuchFileException gone) {
            open = null;
            openKey = null;
        }
        incomplete = new byte[0];
    }

    private void readOpen(Consumer<LogLine> lines) throws IOException {
        FileChannel channel = open;
        if (channel != null && channel.position() > channel.size()) {
            channel.position(0);
            incomplete = new byte[0];
        }
        while (channel != null && channel.read(block.clear()) > 0) {
            byte[] bytes = new byte[incomplete.length + block.flip().remaining()];
            System.arraycopy(incomplete, 0, bytes, 0, incomplete.length);
            block.get(bytes, incomplete.length, bytes.length - incomplete.length);
            int start = 0;
            for (int i = incomplete.length; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    line(new String(bytes, start, i - start, StandardCharsets.UTF_8), lines);
                    start = i + 1;
                }
            }
            incomplete = Arrays.copyOfRange(bytes, start, bytes.length);
        }
    }

    private void line(String text, Consumer<LogLine> lines) {
        LogLine line = LogLine.parse(type, text);
        if (line != null) {
            lines.accept(line);
        }
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
