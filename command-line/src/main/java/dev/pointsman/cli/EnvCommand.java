package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.control.ControlException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pointsman env}: the variables that an instance was started with, asked of the kernel and of no launcher. */
@Command(
        name = "env",
        description = "Prints the environment variables that an instance was started with.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Values of variables that look like secrets by their name, and passwords in URLs, are shown as *** without",
            "--show-secrets. Of a type with several instances it is the first one that runs."
        })
final class EnvCommand extends OnLaunchers {
    @Parameters(paramLabel = "TYPE|ID", description = "an id of pointsman list, or a type")
    private String typeOrId = "";

    @Option(names = "--show-secrets", description = "with all values")
    private boolean showSecrets;

    @Override
    public Integer call() throws ControlException, CommandFailure {
        InstanceStatus instance = RunningInstances.of(launchers(), typeOrId).get(0);
        for (Map.Entry<String, String> variable : variables(instance).entrySet()) {
            String value = variable.getValue();
            String shown = showSecrets ? value : SecretValues.masked(variable.getKey(), value);
            out().println(printable(variable.getKey() + "=" + shown));
        }
        return 0;
    }

    /** The text in one line, with nothing that moves a terminal's cursor: as Java writes such characters. */
    private static String printable(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean hidden = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
            line.append(c == '\n' ? "\\n" : hidden ? String.format("\\u%04x", c) : Character.toString(c));
        });
        return line.toString();
    }

    private static Map<String, String> variables(InstanceStatus instance) throws CommandFailure {
        Map<String, String> variables = new TreeMap<>();
        try {
            byte[] all = Files.readAllBytes(Path.of("/proc", Long.toString(instance.pid()), "environ"));
            for (String pair : new String(all, StandardCharsets.UTF_8).split("\0", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    variables.put(pair.substring(0, equals), pair.substring(equals + 1));
                }
            }
            return variables;
        } catch (IOException gone) {
            throw new CommandFailure("the variables of " + instance.id() + " cannot be read: " + gone.getMessage());
        }
    }
}
