package dev.pointsman.launcher.plan;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Plans for tests, with times that suit them. */
public final class TestPlans {
    /** Quick to give up, and to go on. */
    public static final InstanceOptions QUICK = new InstanceOptions(
            Duration.ofSeconds(20), Duration.ofSeconds(1), 3, 0, 2, Duration.ofSeconds(5), Duration.ofMillis(50), 1);

    private TestPlans() {}

    /** The program in Node, with these arguments. */
    public static ServicePlan node(String type, int instances, String... arguments) {
        return of(type, instances, QUICK, null, command("node", "app.js", arguments));
    }

    public static ServicePlan python(String type, int instances, @Nullable String healthPath) {
        return of(type, instances, QUICK, healthPath, command("python3", "app.py"));
    }

    public static ServicePlan of(
            String type, int instances, InstanceOptions options, @Nullable String healthPath, List<String> command) {
        return ServicePlan.of(type, command)
                .instances(instances)
                .healthPath(healthPath)
                .options(options)
                .build();
    }

    public static ServicePlan with(ServicePlan plan, InstanceOptions options) {
        return of(plan.type(), plan.instances(), options, plan.healthPath(), plan.command());
    }

    public static List<String> command(String program, String script, String... arguments) {
        Assumptions.assumeTrue(isThere(program), "there is no " + program + " on the PATH");
        List<String> command = new ArrayList<>(List.of(program, script(script).toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    public static Path script(String name) {
        URL url = Objects.requireNonNull(TestPlans.class.getResource("/launcher/" + name));
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isThere(String program) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Path.of(folder, program).toFile().canExecute()) {
                return true;
            }
        }
        return false;
    }
}
