package dev.pointsman.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The two runnable jars, where this build has put them. */
enum Jar {
    BALANCER("balancer"),
    SAMPLE_SERVICE("sample-service");

    /** A quick start matters more than speed: a test starts a dozen, and each lives for seconds. */
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m");

    private final Path file;

    Jar(String module) {
        // Tests run in their module's folder.
        file = Path.of("..", module, "target", module + ".jar").toAbsolutePath().normalize();
    }

    /** {@code java -jar} with these arguments. */
    List<String> command(String... arguments) {
        if (!Files.isReadable(file)) {
            throw new AssertionError(
                    file + " is missing; build it first (mvn -DskipTests package), or run the tests by mvn verify");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK);
        command.addAll(List.of("-jar", file.toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
