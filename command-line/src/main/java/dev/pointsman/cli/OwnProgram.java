package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command that starts this program once more. */
final class OwnProgram {
    private OwnProgram() {}

    /** Java, its options and this jar, with absolute paths; the program's own arguments are to follow. */
    static List<String> command() throws CommandFailure {
        return command(ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    /** The same with other options of the JVM. */
    static List<String> command(List<String> options) throws CommandFailure {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(options);
        Path code = code();
        if (Path.of(System.getProperty("java.class.path")).toAbsolutePath().equals(code)) {
            command.add("-jar");
            command.add(code.toString());
        } else {
            command.add("-cp");
            command.add(System.getProperty("java.class.path"));
            command.add(Main.class.getName());
        }
        return command;
    }

    /** The jar or folder of classes in which this program is, if a build of this project wrote it there; else null. */
    static @Nullable Path buildOutput() throws CommandFailure {
        Path code = code();
        Path target = code.getParent();
        boolean built =
                target != null && target.endsWith("target") && Files.isRegularFile(target.resolveSibling("pom.xml"));
        return built ? code : null;
    }

    private static Path code() throws CommandFailure {
        try {
            return Path.of(OwnProgram.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath();
        } catch (URISyntaxException odd) {
            throw new CommandFailure("this program does not know where it is: " + odd.getMessage());
        }
    }
}
