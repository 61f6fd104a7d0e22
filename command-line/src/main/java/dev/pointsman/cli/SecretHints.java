package dev.pointsman.cli;

import dev.pointsman.launcher.plan.EnvFile;
import dev.pointsman.launcher.plan.Plans;
import java.util.List;

/** The hints on where the values of a plan's variables can be read by others. */
final class SecretHints {
    private SecretHints() {}

    /** A sentence for each env file that every user of this machine may read. */
    static List<String> ofFiles(Plans plans) {
        return plans.services().stream()
                .flatMap(plan -> plan.envFiles().stream())
                .distinct()
                .filter(EnvFile::isReadableByAll)
                .map(file -> file + " can be read by every user of this machine (chmod 600 makes it private)")
                .toList();
    }

    /** A sentence where values stand on the command line, which is printed into a unit and which {@code ps} shows. */
    static List<String> ofCommandLine(List<String> run) {
        int end = run.contains("--") ? run.indexOf("--") : run.size();
        boolean named =
                run.subList(0, end).stream().anyMatch(word -> word.equals("--env") || word.startsWith("--env="));
        return named
                ? List.of("the values of --env stand in the unit, and every user sees them there and in ps"
                        + " (--env-file FILE is for those that are secret)")
                : List.of();
    }
}
