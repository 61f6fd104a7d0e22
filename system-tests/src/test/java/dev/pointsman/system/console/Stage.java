package dev.pointsman.system.console;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the reader of a page has: a folder with {@code ./pointsman} in it, a home, and terminals. All that was started here is
 * ended with it. For one thread.
 */
final class Stage implements AutoCloseable {
    /** In the environment of all that is started, by which it is found again. */
    private static final String MARK = "POINTSMAN_STAGE";

    /** For what was killed to be gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    private final Path folder;
    private final DocumentedPorts ports = DocumentedPorts.onFreePorts();
    private final Map<String, Terminal> terminals = new TreeMap<>();
    private final Thread hook = new Thread(() -> started().forEach(ProcessHandle::destroyForcibly));

    Stage(Path folder) throws IOException {
        this.folder = folder;
        for (String name : List.of("work", "bin", "home")) {
            Files.createDirectory(folder.resolve(name));
        }
        Files.createDirectory(
                folder.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (String script : List.of("pointsman", "consul")) {
            Path file = folder.resolve("bin").resolve(script);
            try (var text = Stage.class.getResourceAsStream(script + ".sh")) {
                Files.write(file, Objects.requireNonNull(text, script).readAllBytes());
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        // At a terminal curl shows its progress to nobody who has a response on the screen; here it would.
        Files.writeString(folder.resolve("home").resolve(".curlrc"), "silent\nshow-error\n");
        Files.createSymbolicLink(folder.resolve("work").resolve("pointsman"), Path.of("..", "bin", "pointsman"));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    DocumentedPorts ports() {
        return ports;
    }

    /** The folder that commands are typed in. */
    Path work() {
        return folder.resolve("work");
    }

    /**
     * A terminal, opened when it is first asked for.
     *
     * @param machine the documented address of the machine that it belongs to; empty: this one
     */
    Terminal terminal(String name, String machine) {
        return terminals.computeIfAbsent(name, unusedName -> new Terminal(name, work(), environment(machine)));
    }

    Terminal terminal(String name) {
        return terminal(name, "");
    }

    private Map<String, String> environment(String machine) {
        String address = machine.isEmpty() ? "127.0.0.1" : ports.toActual(machine);
        Map<String, String> environment = new HashMap<>();
        environment.put(MARK, folder.toString());
        environment.put("STAGE_REPOSITORY", REPOSITORY.toString());
        environment.put("STAGE_ADDRESS", address);
        for (String port : List.of("8080", "9901", "8500", "8600", "8300", "8301")) {
            environment.put("STAGE_" + port, ports.of(port));
        }
        String path = System.getenv("PATH");
        environment.put("STAGE_PATH", path);
        environment.put("PATH", folder.resolve("bin") + ":" + path);
        environment.put("HOME", folder.resolve("home").toString());
        environment.put("XDG_RUNTIME_DIR", folder.resolve("run").toString());
        environment.put("XDG_STATE_HOME", folder.resolve("home").toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("CONSUL_HTTP_ADDR", "http://" + address + ":" + ports.of("8500"));
        // A quick start matters more than speed: each of these lives for seconds.
        environment.put("POINTSMAN_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m");
        return environment;
    }

    /** All that was printed, with the documentation's own ports. */
    String transcript() {
        return terminals.entrySet().stream()
                .map(terminal -> "terminal " + terminal.getKey() + ":\n"
                        + ports.toDocumented(terminal.getValue().transcript()).indent(4))
                .collect(Collectors.joining());
    }

    /** What runs of all that was started here, the shells as well; and what these have started, as a program may hide its mark. */
    private List<ProcessHandle> started() {
        byte[] mark = (MARK + "=" + folder + "\0").getBytes(StandardCharsets.UTF_8);
        List<ProcessHandle> found = new ArrayList<>();
        ProcessHandle.allProcesses().forEach(process -> {
            try {
                byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "environ"));
                if (contains(environment, mark)) {
                    found.add(process);
                    process.descendants().forEach(found::add);
                }
            } catch (IOException endedOrForeign) {
                // Not one of ours: those can be read as long as they run.
            }
        });
        return found;
    }

    private static boolean contains(byte[] all, byte[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    /** Kills all of it: that it ends well by itself is for the pages to show, and for other tests. */
    @Override
    public void close() {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    // Again and again: one may have been about to start another.
                    List<ProcessHandle> started = started();
                    started.forEach(ProcessHandle::destroyForcibly);
                    return started.isEmpty();
                });
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    void write(String name, String content) {
        try {
            Path file = work().resolve(name).normalize();
            if (!file.startsWith(work())) {
                throw new AssertionError(name + " (expected: a file below the folder of the page)");
            }
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be written", e);
        }
    }
}
