package dev.pointsman.balancer;

import dev.pointsman.balancer.config.ConfigException;
import dev.pointsman.balancer.config.RouteDocuments;
import dev.pointsman.balancer.config.RouteDocuments.DocumentEntry;
import dev.pointsman.settings.YamlNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file in which routes of the admin API are kept for the next start: JSON in the form of a configuration file's
 * {@code route}. Replaced as a whole, so that a crash leaves the one before. Blocks on the disk.
 */
final class AdminRoutesFile {
    private AdminRoutesFile() {}

    /**
     * The entries of a file; none if it is not there yet.
     *
     * @throws StartException if it cannot be used
     */
    static Map<String, DocumentEntry> read(Path file) throws StartException {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try {
            return RouteDocuments.entries(file.toString(), Files.readAllBytes(file));
        } catch (IOException unreadable) {
            throw new StartException("admin-routes-file: " + file + " cannot be read (" + unreadable + ")");
        } catch (ConfigException wrong) {
            throw new StartException("admin-routes-file: " + String.join("; ", wrong.problems()));
        }
    }

    static void write(Path file, Map<String, DocumentEntry> entries) throws IOException {
        byte[] text = text(entries).getBytes(StandardCharsets.UTF_8);
        Path folder = file.toAbsolutePath().getParent();
        Path fresh = Files.createTempFile(folder, "." + file.getFileName(), ".new");
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(text);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** What the file has for these entries. */
    static String text(Map<String, DocumentEntry> entries) {
        JsonObject routes = new JsonObject();
        entries.forEach((key, entry) -> routes.put(key, json(entry.value())));
        return new JsonObject().put("route", routes).encodePrettily() + "\n";
    }

    private static @Nullable Object json(YamlNode node) {
        if (node instanceof YamlNode.YamlMapping mapping) {
            JsonObject object = new JsonObject();
            mapping.entries().forEach(entry -> object.put(entry.key().text(), json(entry.value())));
            return object;
        }
        if (node instanceof YamlNode.YamlList list) {
            JsonArray array = new JsonArray();
            list.items().forEach(item -> array.add(json(item)));
            return array;
        }
        YamlNode.YamlScalar scalar = (YamlNode.YamlScalar) node;
        return scalar.isNull() ? null : scalar.text();
    }
}
