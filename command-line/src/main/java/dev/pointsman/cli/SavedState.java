package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.launcher.api.LauncherSettings;
import dev.pointsman.launcher.api.LauncherSettings.TypeSettings;
import dev.pointsman.launcher.control.RunningLauncher;
import dev.pointsman.launcher.log.LogSettings;
import dev.pointsman.launcher.plan.ServicesText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What ran when it was saved: a services file for each launcher, in a folder that only the user can read, as values of environment
 * variables are in it.
 *
 * @param folder holds {@code launcher-1.yaml} and so on
 */
record SavedState(Path folder) {
    private static final Pattern NAME = Pattern.compile("launcher-(\\d{1,6})\\.yaml");

    /** That of the user: beside the logs. */
    static SavedState of(Map<String, String> environment) {
        return new SavedState(LogSettings.defaultFolder(environment).resolveSibling("saved"));
    }

    /** The files that there are, in order; none if nothing was saved. */
    List<Path> files() throws CommandFailure {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> number(file) >= 0)
                    .sorted(Comparator.comparingInt(SavedState::number))
                    .toList();
        } catch (IOException unreadable) {
            throw new CommandFailure(folder + " cannot be read: " + unreadable.getMessage());
        }
    }

    /** The number of a saved file; -1 for any other file. */
    private static int number(Path file) {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        return name.matches() ? Integer.parseInt(name.group(1)) : -1;
    }

    /** Replaces what was saved before by these texts; returns the files. */
    List<Path> replace(List<String> texts) throws CommandFailure {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            List<Path> files = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                Path file = folder.resolve("launcher-" + (i + 1) + ".yaml");
                write(file, texts.get(i));
                files.add(file);
            }
            for (Path old : files()) {
                if (!files.contains(old)) {
                    Files.delete(old);
                }
            }
            return files;
        } catch (IOException failed) {
            throw new CommandFailure(folder + " cannot be written: " + failed.getMessage());
        }
    }

    /** Writes a file that only the user can read, whole or not at all. */
    static void write(Path file, String text) throws IOException {
        Path whole = file.toAbsolutePath();
        if (whole.getParent() != null && !Files.isDirectory(whole.getParent())) {
            throw new IOException("there is no folder " + whole.getParent());
        }
        Path next = whole.resolveSibling("." + whole.getFileName() + ".new");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(next, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
            Files.move(next, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            // There is one only where it failed, as on a full disk.
            Files.deleteIfExists(next);
        }
    }

    /** The services file of what a launcher runs at this moment. */
    static String text(RunningLauncher launcher, LauncherSettings settings, String when) {
        ServicesText text = new ServicesText()
                .comment("What launcher " + launcher.pid() + " ran at " + when + ", by pointsman save.")
                .comment("Values of environment variables are in it: it is nobody else's to read.")
                .key("consul", settings.consul())
                .key("advertise", settings.advertise());
        for (TypeSettings type : settings.types()) {
            Map<String, Object> now = new LinkedHashMap<>(type.settings());
            long wanted = launcher.wanted(type.type());
            now.put("instances", Long.toString(wanted));
            boolean stopped = wanted == 0
                    && launcher.instances().stream()
                            .anyMatch(each -> each.type().equals(type.type()));
            text.service(type.type(), now, stopped ? List.of("it was stopped") : List.of());
        }
        return text.toString();
    }
}
