package dev.pointsman.cli;

import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.Launchers;
import dev.pointsman.launcher.control.RunningLauncher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that does the same to each type or instance that it is given, or to all. */
abstract class OnTypes extends OnLaunchers {
    @Parameters(paramLabel = "TYPE|ID", arity = "0..*", description = "types, or ids of pointsman list")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "every type of every launcher")
    private boolean all;

    private record Job(RunningLauncher launcher, String which) {}

    /** The operation's name, as {@link Launchers#operate} has it. */
    abstract String op();

    int batch() {
        return 0;
    }

    /** Performs the operation on each, going on with the others when one fails; 0 if none did. */
    @Override
    public final Integer call() throws ControlException {
        if (all != names.isEmpty()) {
            throw badUsage(
                    all
                            ? "both --all and names (expected: one of the two)"
                            : "which? (expected: a type, an id or --all)");
        }
        boolean allDone = true;
        for (Job job : jobs()) {
            allDone &= operate(job.launcher(), op(), job.which(), "", batch());
        }
        return allDone ? 0 : CliErrors.FAILED;
    }

    /** The operations to perform: all names are looked up before anything is done to any of them. */
    private List<Job> jobs() throws ControlException {
        List<RunningLauncher> launchers = launchers();
        List<Job> jobs = new ArrayList<>();
        for (String name : names) {
            refuseAll(name, launchers);
            jobs.add(new Job(Launchers.owner(launchers, name), name));
        }
        if (all) {
            launchers.forEach(launcher -> launcher.types().forEach(type -> jobs.add(new Job(launcher, type))));
            if (jobs.isEmpty()) {
                throw new ControlException(Launchers.NONE);
            }
        }
        return jobs;
    }

    /** PM2's word for what is an option here. */
    private static void refuseAll(String name, List<RunningLauncher> launchers) throws ControlException {
        if (!name.equals("all") || launchers.isEmpty() || launchers.stream().anyMatch(each -> each.has(name))) {
            return;
        }
        String types = launchers.stream()
                .flatMap(each -> each.types().stream())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        throw new ControlException("\"all\" is no type or instance that runs here (expected: --all for every type,"
                + " or one of: " + types + ")");
    }
}
