package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.cli.run.Progress;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.Launchers;
import dev.pointsman.launcher.control.RunningLauncher;
import dev.pointsman.launcher.plan.Plans;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;

/**
 * A launcher in the background: the same command line, in a session of its own, so that it outlives the terminal, and with
 * what it says in {@code launcher.out} beside the instances' files. The command waits until all instances are up; if they are
 * not to come up, the launcher is ended and what it said is shown.
 */
final class BackgroundLauncher {
    static final String DETACH = "--detach";
    static final String IN_BACKGROUND = "--in-background";

    private static final long LOOK_MILLIS = 100;
    private static final long LARGE = 1 << 20;
    private static final int MOST_WORDS = 30;

    private final CommandLine command;
    private final Launchers launchers;
    private final PrintWriter out;
    private final Set<String> told = new HashSet<>();

    /** @param launchers where it will be found once it runs */
    BackgroundLauncher(CommandLine command, Launchers launchers) {
        this.command = command;
        this.launchers = launchers;
        this.out = command.getOut();
    }

    /** Starts the launcher and waits for its instances. Returns when all instances are up. */
    void start(Plans plans, Path folder) throws CommandFailure, ControlException, InterruptedException {
        Path words = folder.resolve("launcher.out");
        long before = makeRoom(words);
        Process launcher = begin(words);
        Progress progress = new Progress(plans.services());
        while (!hasEnded(launcher)) {
            List<InstanceStatus> list = instances(launcher.pid());
            list.forEach(this::tell);
            if (Progress.anyGivenUp(list)) {
                break;
            }
            if (progress.allUp(list)) {
                out.println(progress.allAreUp() + "; launcher " + launcher.pid()
                        + " keeps it so (pointsman list, logs; pointsman delete --all ends it)");
                return;
            }
        }
        launcher.destroy();
        launcher.waitFor();
        throw new CommandFailure("the instances did not come up, and the launcher has ended. It said, in " + words
                + ":\n" + lastWords(words, before));
    }

    private List<InstanceStatus> instances(long pid) throws ControlException {
        // a launcher that does not reply is asked again
        return launchers.all(silent -> {}).stream()
                .filter(each -> each.pid() == pid)
                .findFirst()
                .map(RunningLauncher::instances)
                .orElse(List.of());
    }

    private void tell(InstanceStatus status) {
        boolean troubled = status.state() == InstanceState.BACKOFF || status.state() == InstanceState.FAILED;
        if (troubled && !status.reason().isEmpty() && told.add(status.id() + status.reason())) {
            out.println(status.id() + ": " + status.reason());
            out.flush();
        }
    }

    private static boolean hasEnded(Process process) throws InterruptedException {
        try {
            process.onExit().get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException runs) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Process begin(Path words) throws CommandFailure {
        try {
            Process process = new ProcessBuilder(commandLine())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(words.toFile()))
                    .start();
            process.getOutputStream().close();
            return process;
        } catch (IOException failed) {
            throw new CommandFailure("the launcher cannot be started in the background: " + failed.getMessage());
        }
    }

    private List<String> commandLine() throws CommandFailure {
        List<String> line = new ArrayList<>(List.of("setsid"));
        line.addAll(OwnProgram.command());
        List<String> given = command.getParent().getParseResult().originalArgs();
        int words = given.indexOf("--");
        for (int i = 0; i < given.size(); i++) {
            boolean flag = (words < 0 || i < words) && given.get(i).equals(DETACH);
            line.add(flag ? IN_BACKGROUND : given.get(i));
        }
        return line;
    }

    /** Limits the size of the file, which has only what launchers say of themselves, but is not to grow for ever. */
    private static long makeRoom(Path words) throws CommandFailure {
        try {
            Files.createDirectories(words.toAbsolutePath().getParent());
            if (Files.exists(words) && Files.size(words) > LARGE) {
                Files.move(words, words.resolveSibling("launcher.out.1"), StandardCopyOption.REPLACE_EXISTING);
            }
            return Files.exists(words) ? Files.size(words) : 0;
        } catch (IOException unusable) {
            throw new CommandFailure(words + " cannot be written: " + unusable.getMessage());
        }
    }

    private static String lastWords(Path words, long before) {
        try {
            byte[] all = Files.readAllBytes(words);
            int from = (int) Math.min(before, all.length);
            List<String> lines = new String(all, from, all.length - from, StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - MOST_WORDS), lines.size()));
        } catch (IOException unreadable) {
            return "(unreadable: " + unreadable.getMessage() + ")";
        }
    }
}
