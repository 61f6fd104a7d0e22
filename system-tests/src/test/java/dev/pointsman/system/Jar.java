package dev.pointsman.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The jar with every command, where this build has put it. */
final class Jar {
    /** A quick start matters more than speed: a test starts a dozen, and each lives for seconds. */
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m");

    /** Tests run in their module's folder. */
    private static final Path FILE = Path.of("..", "command-line", "target", "pointsman.jar")
            .toAbsolutePath()
            .normalize();

    private Jar() {}

    /** {@code java} with the options that let it start quickly, and these. */
    static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK);
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * {@code java -jar} with these arguments.
     *
     * @param name the command's name, such as {@code balancer}
     */
    static List<String> command(String name, String... arguments) {
        if (!Files.isReadable(FILE)) {
            throw new AssertionError(
                    FILE + " is missing; build it first (mvn -DskipTests package), or run the tests by mvn verify");
        }
        List<String> command = new ArrayList<>(java("-jar", FILE.toString(), name));
        command.addAll(List.of(arguments));
        return command;
    }
}
