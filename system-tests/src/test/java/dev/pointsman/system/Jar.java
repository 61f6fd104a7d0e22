package dev.pointsman.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The runnable jars, where this build has put them. */
enum Jar {
    BALANCER("balancer", "balancer"),
    LAUNCHER("registry-agent", "launcher"),
    SAMPLE_SERVICE("sample-service", "sample-service");

    /** A quick start matters more than speed: a test starts a dozen, and each lives for seconds. */
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m");

    private final Path file;

    Jar(String module, String name) {
        // Tests run in their module's folder.
        file = Path.of("..", module, "target", name + ".jar").toAbsolutePath().normalize();
    }

    /** {@code java} with the options that let it start quickly, and these. */
    static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK);
        command.addAll(List.of(arguments));
        return command;
    }

    /** {@code java -jar} with these arguments. */
    List<String> command(String... arguments) {
        if (!Files.isReadable(file)) {
            throw new AssertionError(
                    file + " is missing; build it first (mvn -DskipTests package), or run the tests by mvn verify");
        }
        List<String> command = new ArrayList<>(java("-jar", file.toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
