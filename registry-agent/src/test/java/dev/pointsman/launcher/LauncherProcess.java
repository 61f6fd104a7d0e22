package dev.pointsman.launcher;

import dev.pointsman.registry.consul.ConsulAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A launcher as a process of its own, to be killed: its registry's port, its runtime folder, and what its program is told. */
final class LauncherProcess {
    private LauncherProcess() {}

    public static void main(String[] arguments) throws IOException {
        String[] flags = Arrays.copyOfRange(arguments, 2, arguments.length);
        Launcher launcher = new Launcher(
                List.of(Plans.node("api", 2, flags)),
                ConsulAddress.of("127.0.0.1", Integer.parseInt(arguments[0])),
                null,
                (type, id, line) -> {},
                Path.of(arguments[1]));
        launcher.start();
        launcher.ended().toCompletableFuture().join();
    }

    static Process start(int registryPort, Path runtime, String... flags) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                LauncherProcess.class.getName(),
                Integer.toString(registryPort),
                runtime.toString());
        builder.command().addAll(List.of(flags));
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
