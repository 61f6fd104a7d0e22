package dev.pointsman.cli;

import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.Launchers;
import dev.pointsman.launcher.control.RunningLauncher;
import dev.pointsman.launcher.process.ProcessSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pointsman signal}. */
@Command(
        name = "signal",
        aliases = "sendSignal",
        description = "Sends a signal to the process of each instance of a type, or of one instance.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "An instance that ends by it is started again, as after any other end; 'stop' is for those that are not."
        })
final class SignalCommand extends OnLaunchers {
    @Parameters(index = "0", paramLabel = "SIGNAL", description = "USR2, SIGUSR2 or 12")
    private String signal = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "TYPE|ID", description = "types, or ids of pointsman list")
    private List<String> names = new ArrayList<>();

    @Override
    public Integer call() throws ControlException {
        Optional<ProcessSignal> known = ProcessSignal.of(signal);
        if (known.isEmpty()) {
            throw badUsage("\"" + signal + "\" (expected one of: "
                    + Stream.of(ProcessSignal.values()).map(ProcessSignal::name).collect(Collectors.joining(", "))
                    + ")");
        }
        List<RunningLauncher> launchers = launchers();
        List<RunningLauncher> owners = new ArrayList<>();
        for (String name : names) {
            owners.add(Launchers.owner(launchers, name));
        }
        boolean allDone = true;
        for (int i = 0; i < names.size(); i++) {
            allDone &=
                    operate(owners.get(i), "signal", names.get(i), known.get().name(), 0);
        }
        return allDone ? 0 : CliErrors.FAILED;
    }
}
