package dev.pointsman.cli.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a demo starts the jars of this project: with the Java that it runs on itself. */
final class JavaCommand {
    /** Six share a machine and live for minutes: a quick start counts for more than top speed. */
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m");

    private JavaCommand() {}

    static List<String> of(Path jar, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** What is well is for the demo to say; they complain. */
    static Map<String, String> environment() {
        return Map.of("POINTSMAN_LOG", System.getenv().getOrDefault("POINTSMAN_LOG", "warn"));
    }
}
