package dev.pointsman.cli;

import dev.pointsman.cli.doctor.Doctor;
import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.registry.consul.BadAddressException;
import dev.pointsman.registry.consul.ConsulAddress;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pointsman doctor}: what people get wrong, looked for on this machine, in the registry and at balancers. */
@Command(
        name = "doctor",
        description =
                "Looks for what people get wrong: on this machine, in the registry, at balancers. Changes nothing.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Exit codes: 0 no error was found, 1 one was (with --strict: or a warning), 2 wrong usage.",
            "Run it as the balancer's user. docs/doctor.md has every check: what, why, and what to do."
        })
final class DoctorCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "CONFIG",
            arity = "0..1",
            description = "the file that is given to pointsman balancer --config; else the defaults are looked at")
    private @Nullable Path file;

    @Option(
            names = "--consul",
            paramLabel = "URL",
            description = "the registry (what the file says, else CONSUL_HTTP_ADDR, else http://127.0.0.1:8500)")
    private @Nullable String consul;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = "the admin API of a balancer; may be repeated, and several are compared. Those that are"
                    + " registered are found")
    private List<String> admins = new ArrayList<>();

    @Option(
            names = "--deep",
            description = "watch idle connections and blocking queries for longer; takes up to half a minute")
    private boolean deep;

    @Option(names = "--strict", description = "exit code 1 for a warning, too")
    private boolean strict;

    @Option(
            names = {"-q", "--quiet"},
            description = "leave out what is well")
    private boolean quiet;

    @Option(names = "--json", description = "print one JSON object, to standard output")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        refuseWrongUsage();
        Map<String, String> environment = PointsmanCommand.above(spec).environment();
        DoctorReport report = new DoctorReport(new Doctor(file, consul, admins, deep, environment).findings());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(report.json(strict));
        } else {
            report.lines(quiet).forEach(out::println);
        }
        out.flush();
        return report.isBad(strict) ? CliErrors.FAILED : 0;
    }

    /** What was typed wrong is no finding. */
    private void refuseWrongUsage() throws CommandFailure {
        if (file != null && !Files.isRegularFile(file)) {
            throw CommandFailure.ofUsage("CONFIG: \"" + file + "\" (expected: a file)");
        }
        if (consul != null) {
            try {
                ConsulAddress unused = ConsulAddress.from(consul, Map.of());
            } catch (BadAddressException bad) {
                throw CommandFailure.ofUsage(bad.problems().get(0));
            }
        }
        for (String admin : admins) {
            if (!isUrl(admin)) {
                throw CommandFailure.ofUsage(
                        "--admin: \"" + admin + "\" (expected: HOST:PORT or a URL of the admin API)");
            }
        }
    }

    private static boolean isUrl(String admin) {
        try {
            URI url = new URI(admin.contains("://") ? admin : "http://" + admin);
            return url.getHost() != null && List.of("http", "https").contains(url.getScheme());
        } catch (URISyntaxException none) {
            return false;
        }
    }
}
