package dev.pointsman.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that starts a Java program in a JVM of its own, with options for a short-lived process. */
public final class JavaCommand {
    private JavaCommand() {}

    /**
     * The JVM that runs the tests, followed by these arguments; more can be added. A short life is not worth a second
     * compiler or several threads for the garbage.
     */
    public static List<String> of(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** A class of the tests with a main method, on their class path. */
    public static List<String> ofMain(Class<?> main, String... arguments) {
        List<String> command = of("-cp", System.getProperty("java.class.path"), main.getName());
        command.addAll(List.of(arguments));
        return command;
    }
}
