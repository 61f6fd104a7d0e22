package dev.pointsman.launcher.run;

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
 * The list of a launcher's instances on disk: written to the {@link LauncherFile} with each change, so that the next launcher
 * finds the orphans of a killed one. Confined to the launcher's loop; files are written on an executor.
 */
public final class InstanceJournal {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceJournal.class);

    private final LauncherFile file;
    private final Executor writer;
    private final Map<String, Long> instances = new LinkedHashMap<>();

    /** @param writer runs one task after the other */
    public InstanceJournal(LauncherFile file, Executor writer) {
        this.file = file;
        this.writer = writer;
    }

    /**
     * Adds an instance, or its process.
     *
     * @param pid 0 if there is none yet
     * @return completes when it is written; never fails, because a failure is logged only
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
        List<LauncherFile.InstanceEntry> entries = instances.entrySet().stream()
                .map(instance -> new LauncherFile.InstanceEntry(instance.getKey(), instance.getValue()))
                .toList();
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        file.write(entries);
                    } catch (IOException e) {
                        LOG.warn(
                                "The list of instances cannot be written ({}); should this launcher be killed, the next one will"
                                        + " not deregister its instances.",
                                e.getMessage());
                    }
                },
                writer);
    }
}
