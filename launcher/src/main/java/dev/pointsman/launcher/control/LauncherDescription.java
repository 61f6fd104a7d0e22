package dev.pointsman.launcher.control;

import dev.pointsman.launcher.api.LauncherSettings;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The description of a launcher itself, without its instances.
 *
 * @param pid its process, which names its socket
 * @param types the types that it has at the moment, also those without an instance; called on any thread
 * @param logs the folder where it keeps what instances print, or null for nowhere
 * @param settings what it was told to run; called on any thread
 */
public record LauncherDescription(
        long pid,
        Supplier<? extends Collection<String>> types,
        @Nullable Path logs,
        Supplier<LauncherSettings> settings) {}
