package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.cli.run.LauncherStart;
import dev.pointsman.cli.run.RuntimeFolder;
import dev.pointsman.launcher.api.LauncherSettings;
import dev.pointsman.launcher.control.ControlServer;
import dev.pointsman.launcher.control.LauncherDescription;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A user at a terminal: types commands and reads what they print. */
final class Terminal {
    final Map<String, String> environment = new HashMap<>();
    /** What launchers say that they were told to run. */
    LauncherSettings settings = new LauncherSettings("http://127.0.0.1:8500", null, List.of());

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private LauncherStart launcherStart = (plan, output, runtimeFolder) -> {
        throw new CommandFailure("nothing is to be started here");
    };

    /** @param home holds the folder of the sockets, and the logs below {@code state}, instead of the user's own */
    Terminal(Path home) {
        environment.put("XDG_RUNTIME_DIR", home.toString());
        environment.put("XDG_STATE_HOME", home.resolve("state").toString());
        environment.put("PATH", System.getenv("PATH"));
    }

    Terminal with(LauncherStart start) {
        launcherStart = start;
        return this;
    }

    /** A launcher that replies on a socket; without logs. */
    ControlServer launcher(ScriptedLauncher operations, long pid, String... types) throws Exception {
        return launcher(operations, pid, null, types);
    }

    ControlServer launcher(ScriptedLauncher operations, long pid, @Nullable Path logs, String... types)
            throws Exception {
        RuntimeFolder folder = RuntimeFolder.of(environment);
        return ControlServer.listen(
                folder.path(),
                folder.uid(),
                operations,
                new LauncherDescription(pid, () -> List.of(types), logs, () -> settings));
    }

    int type(String... words) {
        PointsmanCommand commands = new PointsmanCommand(environment, launcherStart, new PrintWriter(out));
        return Main.commandLine(commands, words.length == 0 ? "" : words[0], new PrintWriter(out), new PrintWriter(err))
                .execute(words);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
