package dev.pointsman.cli;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.BalancerSettings;
import dev.pointsman.balancer.config.ConfigReading;
import dev.pointsman.balancer.config.ConfigSchema;
import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.balancer.config.RefusedConfig;
import dev.pointsman.settings.OptionTable;
import dev.pointsman.settings.Setting;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pointsman check}: reads a configuration as the balancer does, and starts nothing. */
@Command(
        name = "check",
        description = "Checks the balancer's configuration, a file or flags, and starts nothing.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Exit code 0: it can be used. 2: it cannot; each problem is a line on standard error, FILE:LINE:COLUMN first.",
            "1: the registry could not be asked."
        })
final class CheckCommand implements Callable<Integer> {
    /** The balancer's settings; here the registry is not used unless it is asked for. */
    static final OptionTable TABLE = new OptionTable(BalancerSettings.TABLE.options().stream()
            .filter(option -> !option.key().equals(BalancerSettings.CONSUL_KEY))
            .toList());

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "the file that would be given to pointsman balancer --config")
    private @Nullable Path file;

    @Option(names = "--config", paramLabel = "FILE", description = "the same")
    private @Nullable Path config;

    @Option(
            names = "--consul",
            paramLabel = "URL",
            arity = "0..1",
            fallbackValue = "",
            description = "also ask this registry, or the one of the configuration, whether it has each target")
    private @Nullable String consul;

    @Option(names = "--json", description = "print the result as JSON, to standard output")
    private boolean json;

    @Option(names = "--schema", description = "print the JSON Schema of the file, for editors, and check nothing")
    private boolean schema;

    /** The command with the balancer's flags. */
    static CommandLine line() {
        return SettingFlags.on(new CheckCommand(), TABLE);
    }

    @Override
    public Integer call() throws Exception {
        if (schema) {
            spec.commandLine().getOut().print(ConfigSchema.text());
            return 0;
        }
        takeFileBehindConsul();
        Path checked = file == null ? config : file;
        List<Setting> flags =
                new ArrayList<>(SettingFlags.given(spec.commandLine().getParseResult(), TABLE));
        if (checked == null && flags.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "nothing to check (expected: FILE, or flags of the balancer)");
        }
        if (file != null && config != null) {
            throw new ParameterException(spec.commandLine(), "FILE and --config (expected: one of them)");
        }
        if (consul != null && !consul.isEmpty()) {
            flags.add(Setting.flag(BalancerSettings.CONSUL_KEY, consul));
        }
        ConfigReading reading =
                new ConfigSource(checked, flags, PointsmanCommand.above(spec).environment()).read();
        if (reading instanceof RefusedConfig refused) {
            return refused(reading, refused.problems());
        }
        ReadConfig read = (ReadConfig) reading;
        List<String> missing = consul == null ? List.of() : TargetCheck.missing(read.config());
        return missing.isEmpty() ? fine(read) : refused(reading, missing);
    }

    /** {@code check --consul FILE}: what stands behind the flag is taken for its value, and is the file if it is one. */
    private void takeFileBehindConsul() {
        if (file == null && config == null && consul != null && !consul.isEmpty()) {
            Path named = consul.contains("://") ? null : Path.of(consul);
            if (named != null && Files.exists(named)) {
                file = named;
                consul = "";
            }
        }
    }

    private int refused(ConfigReading reading, List<String> problems) {
        if (json) {
            print(CheckReport.refused(reading.places(), problems).json());
        } else {
            PrintWriter err = spec.commandLine().getErr();
            problems.forEach(err::println);
        }
        return CliErrors.BAD_USAGE;
    }

    private int fine(ReadConfig read) {
        CheckReport result = CheckReport.fine(read);
        print(json ? result.json() : result.text(summary(read.config())));
        if (!json) {
            result.warnings().forEach(each -> spec.commandLine().getErr().println("warning: " + each));
        }
        return 0;
    }

    private String summary(BalancerConfig read) {
        return consul == null
                ? ""
                : "; the registry at " + read.consul().url() + " has an instance for each that is asked for there";
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }
}
