package dev.pointsman.cli;

import dev.pointsman.launcher.plan.ServicePlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The PATH of a unit: of the caller's folders those in which a word of a command is found as a program ({@code node} of nvm, also
 * in {@code sh -c 'exec node app.js'} and behind {@code #!/usr/bin/env}), and then the system's own. What else a shell has in
 * its PATH is a matter of that shell.
 *
 * @param folders in the caller's order, and then the system's own that the caller has not
 * @param leftOut the caller's other folders
 */
record UnitPath(List<String> folders, List<String> leftOut) {
    private static final List<String> SYSTEM =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private static final Pattern NO_WORD = Pattern.compile("[^A-Za-z0-9_.+-]+");
    private static final int FIRST_LINE = 256;

    UnitPath {
        folders = List.copyOf(folders);
        leftOut = List.copyOf(leftOut);
    }

    /** @param callers the PATH of the process, which may be empty */
    static UnitPath of(Collection<ServicePlan> plans, String callers) {
        Set<String> all = new LinkedHashSet<>(List.of(callers.split(":", -1)));
        all.addAll(SYSTEM);
        all.remove("");
        List<Path> absolute =
                all.stream().map(Path::of).filter(Path::isAbsolute).toList();
        Set<String> named = new LinkedHashSet<>(SYSTEM);
        for (ServicePlan plan : plans) {
            for (String word : words(plan)) {
                Path folder = folderOf(word, absolute);
                if (folder != null) {
                    named.add(folder.toString());
                }
            }
        }
        return new UnitPath(
                all.stream().filter(named::contains).toList(),
                all.stream().filter(folder -> !named.contains(folder)).toList());
    }

    /** The variable's value. */
    String value() {
        return String.join(":", folders);
    }

    /** Whether a shell with this PATH means that program by its name alone. */
    boolean finds(Path program) {
        Path folder = folderOf(
                String.valueOf(program.getFileName()),
                folders.stream().map(Path::of).toList());
        try {
            return folder != null && Files.isSameFile(folder.resolve(program.getFileName()), program);
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static Set<String> words(ServicePlan plan) {
        Set<String> words = new LinkedHashSet<>();
        plan.command().forEach(argument -> words.addAll(List.of(NO_WORD.split(argument))));
        String program = plan.command().get(0);
        Path directory = plan.directory();
        if (program.contains("/") && directory != null) {
            words.addAll(List.of(NO_WORD.split(interpreter(directory.resolve(program)))));
        }
        words.remove("");
        return words;
    }

    /** The first line of a script, which names what runs it; empty for any other program. */
    private static String interpreter(Path program) {
        try (InputStream in = Files.newInputStream(program)) {
            String begin = new String(in.readNBytes(FIRST_LINE), StandardCharsets.ISO_8859_1);
            return begin.startsWith("#!") ? begin.lines().findFirst().orElse("") : "";
        } catch (IOException unreadable) {
            // One that may be run and not read: what it needs is not known then, and the hint names what was left out.
            return "";
        }
    }

    private static @Nullable Path folderOf(String word, List<Path> folders) {
        for (Path folder : folders) {
            try {
                Path program = folder.resolve(word);
                if (Files.isExecutable(program) && !Files.isDirectory(program)) {
                    return folder;
                }
            } catch (InvalidPathException noName) {
                return null;
            }
        }
        return null;
    }
}
