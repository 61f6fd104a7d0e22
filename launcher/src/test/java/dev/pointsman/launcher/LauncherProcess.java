package dev.pointsman.launcher;

import dev.pointsman.launcher.plan.InstanceOptions;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.plan.TestPlans;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.testkit.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A launcher of two instances of "api" as a process of its own, to be killed. Its arguments: its registry's port, its runtime
 * folder, its rules ("quick" or "patient"), and the arguments of its program. A line on its standard input makes it reload.
 */
final class LauncherProcess {
    /** Waits for what a test holds up for as long as the test takes. */
    private static final InstanceOptions PATIENT = new InstanceOptions(
            Duration.ofMinutes(5), Duration.ofMinutes(5), 3, 0, 2, Duration.ofMinutes(5), Duration.ofMillis(50), 1);

    private LauncherProcess() {}

    public static void main(String[] arguments) throws IOException {
        String[] flags = Arrays.copyOfRange(arguments, 3, arguments.length);
        ServicePlan plan = TestPlans.node("api", 2, flags);
        Launcher launcher = new Launcher(
                List.of(arguments[2].equals("patient") ? TestPlans.with(plan, PATIENT) : plan),
                ConsulAddress.of("127.0.0.1", Integer.parseInt(arguments[0])),
                null,
                (type, id, line) -> {},
                Path.of(arguments[1]));
        launcher.start();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (commands.readLine() != null) {
            launcher.reload("api", 0, step -> {});
        }
        launcher.ended().toCompletableFuture().join();
    }

    static Process start(int registryPort, Path runtime, String... flags) throws IOException {
        return start(registryPort, runtime, "quick", Map.of(), flags);
    }

    /** A launcher that gives its instances minutes to start, drain and stop, with more in its environment. */
    static Process patient(int registryPort, Path runtime, Map<String, String> environment, String... flags)
            throws IOException {
        return start(registryPort, runtime, "patient", environment, flags);
    }

    static void reload(Process launcher) throws IOException {
        OutputStream commands = launcher.getOutputStream();
        commands.write('\n');
        commands.flush();
    }

    private static Process start(
            int registryPort, Path runtime, String rules, Map<String, String> environment, String... flags)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                JavaCommand.ofMain(LauncherProcess.class, Integer.toString(registryPort), runtime.toString(), rules));
        builder.command().addAll(List.of(flags));
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
