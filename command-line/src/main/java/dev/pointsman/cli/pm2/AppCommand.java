package dev.pointsman.cli.pm2;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The command that PM2 would run for an app: its interpreter by the script's name, as PM2 guesses it. */
final class AppCommand {
    /** What makes {@code process.send('ready')} print a line where no process manager is at the other end. Node 18.18, 19 or newer. */
    static final String SEND_PRINTS = "--import=data:text/javascript,process.send=process.send||(m=>console.log(m))";

    private static final Map<String, String> INTERPRETERS = Map.ofEntries(
            Map.entry("sh", "bash"),
            Map.entry("py", "python"),
            Map.entry("rb", "ruby"),
            Map.entry("php", "php"),
            Map.entry("pl", "perl"),
            Map.entry("js", "node"),
            Map.entry("cjs", "node"),
            Map.entry("mjs", "node"),
            Map.entry("coffee", "coffee"),
            Map.entry("ls", "lsc"),
            Map.entry("ts", "bun"),
            Map.entry("tsx", "bun"));

    private static final Set<String> PORT_FLAGS = Set.of("-p", "--port");
    private static final Pattern PORT_IN_LINE = Pattern.compile("(?<=\\s)(-p|--port)([ =])(\\d{2,5})(?=\\s|$)");
    private static final Pattern WORDS =
            Pattern.compile("[^\\s\"'=]+=\"[^\"]*\"|[^\\s\"'=]+='[^']*'|\"([^\"]*)\"|'([^']*)'|\\S+");

    private final Path folder;
    private final String path;
    private final List<String> notes;
    private final List<String> words = new ArrayList<>();

    /**
     * A command of which nothing is known yet.
     *
     * @param folder where it runs
     * @param path the PATH
     * @param notes takes a sentence for what is not as it was
     */
    AppCommand(Path folder, String path, List<String> notes) {
        this.folder = folder;
        this.path = path;
        this.notes = notes;
    }

    /**
     * The words of the command.
     *
     * @param interpreter null for what PM2 would guess
     */
    List<String> of(String script, @Nullable String interpreter, List<String> interpreterArgs, List<String> args) {
        if (script.contains(" ")) {
            words.addAll(List.of("bash", "-c", withPort(script)));
            return words;
        }
        String by = interpreter == null ? guessed(script) : given(interpreter);
        if (by.equals("none")) {
            boolean isFile = exists(script) && script.indexOf('/') < 0 && !isOnPath(script);
            words.add(isFile ? "./" + script : script);
        } else {
            words.add(by);
            words.addAll(interpreterArgs);
            words.add(script);
        }
        words.addAll(withPort(args));
        return words;
    }

    /** Whether node itself runs the script, and takes its options. */
    boolean isNode() {
        return !words.isEmpty() && Path.of(words.get(0)).endsWith("node");
    }

    /** Whether node may be what runs in the end, as behind npm. */
    boolean mayBeNode() {
        if (words.isEmpty()) {
            return false;
        }
        return isNode() || words.get(0).equals("bash") || !INTERPRETERS.containsValue(words.get(0));
    }

    boolean isPython() {
        return !words.isEmpty() && words.get(0).contains("python");
    }

    private String given(String interpreter) {
        if (interpreter.startsWith("node@")) {
            notes.add("interpreter: " + interpreter + " is PM2's way to nvm; the node on the PATH is taken");
            return "node";
        }
        return interpreter;
    }

    private String guessed(String script) {
        String name = script.substring(script.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        String extension = dot < 1 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
        String known = INTERPRETERS.get(extension);
        if (known == null) {
            return isTextThatNothingElseRuns(script) ? "node" : "none";
        }
        if (known.equals("python") && !isOnPath("python")) {
            return "python3";
        }
        if (known.equals("bun") && !isOnPath("bun")) {
            notes.add("script: " + script + " is run by node, which takes TypeScript from 22.18 on; with ts-node or tsx"
                    + " write that first in the command");
            return "node";
        }
        return known;
    }

    /** PM2 gives to node whatever is text and has no known name; what can be executed finds its interpreter by itself. */
    private boolean isTextThatNothingElseRuns(String script) {
        Path file = resolved(script);
        if (file == null || !Files.isRegularFile(file) || Files.isExecutable(file)) {
            return false;
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            for (byte each : bytes.readNBytes(512)) {
                if (each == 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private boolean exists(String script) {
        Path file = resolved(script);
        return file != null && Files.isRegularFile(file);
    }

    private @Nullable Path resolved(String script) {
        try {
            return folder.resolve(script);
        } catch (InvalidPathException noPath) {
            return null;
        }
    }

    private boolean isOnPath(String program) {
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .anyMatch(each ->
                        !each.isEmpty() && Files.isExecutable(Path.of(each).resolve(program)));
    }

    private String withPort(String line) {
        Matcher port = PORT_IN_LINE.matcher(line);
        if (!port.find()) {
            return line;
        }
        notes.add("script: port " + port.group(3) + " is $PORT now, as each instance has its own");
        return port.replaceAll("$1$2\\$PORT");
    }

    private List<String> withPort(List<String> args) {
        List<String> replaced = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            boolean isPort = i > 0 && PORT_FLAGS.contains(args.get(i - 1)) && arg.matches("\\d{2,5}");
            boolean hasPort = arg.matches("--port=\\d{2,5}");
            if (isPort || hasPort) {
                notes.add("args: port " + arg.substring(arg.indexOf('=') + 1)
                        + " is {port} now, as each instance has its own");
            }
            replaced.add(isPort ? "{port}" : hasPort ? "--port={port}" : arg);
        }
        return replaced;
    }

    /** The words of arguments in one text, as PM2 splits it. */
    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        Matcher word = WORDS.matcher(text);
        while (word.find()) {
            String quoted = word.group(1) != null ? word.group(1) : word.group(2);
            String each = quoted != null ? quoted : word.group();
            if (!each.isBlank()) {
                words.add(each);
            }
        }
        return words;
    }
}
