package dev.pointsman.launcher;

import dev.pointsman.launcher.process.LauncherFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances that there are, written to the {@link LauncherFile} with each change. Confined to the launcher's loop; writing is
 * the executor's.
 */
final class Roll {
    private static final Logger LOG = LoggerFactory.getLogger(Roll.class);

    private final LauncherFile file;
    private final Executor writer;
    private final Map<String, Long> instances = new LinkedHashMap<>();

    /** @param writer runs one task after the other */
    Roll(LauncherFile file, Executor writer) {
        this.file = file;
        this.writer = writer;
    }

    /**
     * Adds an instance, or its process.
     *
     * @param pid 0 if there is none yet
     * @return completes when it is written, or could not be, which is logged
     */
    CompletionStage<Void> put(String id, long pid) {
        instances.put(id, pid);
        return write();
    }

    void remove(String id) {
        instances.remove(id);
        write();
    }

    private CompletionStage<Void> write() {
        List<LauncherFile.Entry> entries = instances.entrySet().stream()
                .map(instance -> new LauncherFile.Entry(instance.getKey(), instance.getValue()))
                .toList();
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        file.write(entries);
                    } catch (IOException e) {
                        LOG.warn(
                                "What runs cannot be written down ({}); should this launcher be killed, the next one will"
                                        + " not deregister its instances.",
                                e.getMessage());
                    }
                },
                writer);
    }
}
