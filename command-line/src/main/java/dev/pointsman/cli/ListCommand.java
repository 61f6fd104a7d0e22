package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.RunningLauncher;
import dev.pointsman.launcher.control.StatusJson;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pointsman list}: the instances of all launchers of the user. */
@Command(
        name = "list",
        aliases = "ls",
        description = "Lists the instances of all your launchers.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "CPU is in percent of one core over the last seconds, memory what is resident. States: starting, running,",
            "draining, stopping, backoff (waits for its next start), stopped (by hand), failed (given up). RESTARTS counts how",
            "often an instance in this slot failed or used too much memory; a reload is none."
        })
final class ListCommand extends OnLaunchers {
    @Option(names = "--json", description = "as JSON: times in milliseconds, memory in bytes")
    private boolean json;

    @Override
    public Integer call() throws ControlException {
        List<RunningLauncher> launchers = launchers();
        if (json) {
            out().println(json(launchers));
            return 0;
        }
        List<InstanceStatus> all =
                launchers.stream().flatMap(each -> each.instances().stream()).toList();
        if (launchers.isEmpty()) {
            out().println("nothing runs (pointsman run --type T -- COMMAND starts something)");
        }
        int width = TerminalSize.of(PointsmanCommand.above(spec).environment()).columns();
        InstanceTable.lines(all, Clock.systemUTC().instant(), width).forEach(out()::println);
        launchers.forEach(this::nameEmptyTypes);
        return 0;
    }

    /** Names the types without an instance: a type that was scaled down to 0 still exists, and its launcher runs. */
    private void nameEmptyTypes(RunningLauncher launcher) {
        for (String type : launcher.types()) {
            if (launcher.instances().stream().noneMatch(each -> each.type().equals(type))) {
                out().println(type + " has no instances (pointsman scale " + type + " 1 starts one)");
            }
        }
    }

    private static String json(List<RunningLauncher> launchers) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (RunningLauncher launcher : launchers) {
            launcher.instances()
                    .forEach(status -> list.add(StatusJson.write(status).put("launcher", launcher.pid())));
        }
        return list.toPrettyString();
    }
}
