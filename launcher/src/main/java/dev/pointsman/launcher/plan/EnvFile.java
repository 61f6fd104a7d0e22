package dev.pointsman.launcher.plan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A file of environment variables, for what is not to be seen in a list of processes or in a unit file: a {@code NAME=VALUE} in
 * each line, as docker's {@code --env-file} and systemd's {@code EnvironmentFile=} have it.
 *
 * <ul>
 *   <li>Blank lines and lines that begin with {@code #} or {@code ;} do not count; {@code export} before a name is allowed.
 *   <li>Blanks around a value are left out. Nothing in it is expanded, and {@code #} has no meaning there.
 *   <li>A value in {@code '...'} is taken as it is; in {@code "..."} a backslash before {@code "}, {@code \}, {@code `} or
 *       {@code $} is left out. Both may go over several lines, and only blanks or a comment may follow.
 *   <li>Of a name that stands twice the last counts.
 * </ul>
 *
 * Sentences about a file never have anything of a value, nor of a line whose name is in doubt.
 */
public final class EnvFile {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    private static final Pattern EXPORT = Pattern.compile("^export[ \t]+");
    private static final long LARGEST = 1 << 20;
    private static final String ESCAPED = "\"\\`$";

    private final Path file;
    private final List<String> lines;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private int at;

    private EnvFile(Path file, String text) {
        this.file = file;
        this.lines = text.lines().toList();
    }

    /** Whether a name may be that of a variable. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * The variables of a plan's instances: those of its files in their order, then those of the plan itself, of which the later
     * count more. Blocks while it reads.
     *
     * @throws PlanException with a sentence, {@code FILE:LINE} first where there is a line
     */
    public static Map<String, String> variables(ServicePlan plan) throws PlanException {
        Map<String, String> all = new LinkedHashMap<>();
        for (Path file : plan.envFiles()) {
            all.putAll(read(file));
        }
        all.putAll(plan.env());
        return all;
    }

    /** Whether every user of this machine may read a file; false where that is not known. */
    public static boolean isReadableByAll(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /** Reads a file. Blocks. See {@link #variables}. */
    static Map<String, String> read(Path file) throws PlanException {
        EnvFile read = new EnvFile(file, text(file));
        List<String> problems = new ArrayList<>();
        while (read.at < read.lines.size()) {
            try {
                read.line();
            } catch (PlanException bad) {
                problems.addAll(bad.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new PlanException(problems);
        }
        return read.variables;
    }

    private static String text(Path file) throws PlanException {
        try {
            // Not a pipe, from which it could be read only once.
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw problem(file + ": no regular file (expected: one, as it is read at each start)");
            }
            if (Files.size(file) > LARGEST) {
                throw problem(file + ": larger than 1 MiB (expected: lines such as NAME=VALUE)");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException binary) {
            throw problem(file + ": not UTF-8 (expected: lines such as NAME=VALUE)");
        } catch (NoSuchFileException missing) {
            throw problem(file + ": there is no such file (expected: one with lines such as NAME=VALUE)");
        } catch (IOException unreadable) {
            throw problem(file + ": cannot be read by this user ("
                    + unreadable.getClass().getSimpleName() + ")");
        }
    }

    private void line() throws PlanException {
        int number = at + 1;
        String line = lines.get(at++).strip();
        if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
            return;
        }
        line = EXPORT.matcher(line).replaceFirst("");
        int equals = line.indexOf('=');
        if (equals < 1 || !isName(line.substring(0, equals))) {
            throw bad(number, "no NAME=VALUE (what stands there is not shown, as it may be secret)");
        }
        String name = line.substring(0, equals);
        if (name.equals("PORT")) {
            throw bad(number, "PORT (expected: no PORT, as each instance is given its own)");
        }
        String value = line.substring(equals + 1).strip();
        boolean quoted = value.startsWith("'") || value.startsWith("\"");
        variables.put(name, quoted ? quoted(name, value, number) : plain(name, value, number));
        if (variables.getOrDefault(name, "").indexOf('\0') >= 0) {
            throw bad(number, name + ": a value with a zero byte, which no variable can have");
        }
    }

    private String plain(String name, String value, int number) throws PlanException {
        if (value.endsWith("\\")) {
            throw bad(number, name + ": ends with a backslash (expected: the value in one line, or in quotes)");
        }
        return value;
    }

    private String quoted(String name, String begun, int number) throws PlanException {
        char quote = begun.charAt(0);
        StringBuilder value = new StringBuilder();
        String line = begun.substring(1);
        while (true) {
            int end = end(line, quote, value);
            if (end >= 0) {
                String rest = line.substring(end + 1).strip();
                if (!rest.isEmpty() && !rest.startsWith("#")) {
                    throw bad(number, name + ": something behind the closing quote (expected: nothing)");
                }
                return value.toString();
            }
            if (at == lines.size()) {
                throw bad(number, name + ": the quote stays open (expected: a closing " + quote + ")");
            }
            value.append('\n');
            line = lines.get(at++);
        }
    }

    /** Adds what of a line is in quotes; returns where the quotes end, or -1. */
    private static int end(String line, char quote, StringBuilder value) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == quote) {
                return i;
            }
            if (quote == '"' && c == '\\' && i + 1 < line.length() && ESCAPED.indexOf(line.charAt(i + 1)) >= 0) {
                i++;
            }
            value.append(line.charAt(i));
        }
        return -1;
    }

    private PlanException bad(int line, String why) {
        return problem(file + ":" + line + ": " + why);
    }

    private static PlanException problem(String sentence) {
        return new PlanException(List.of(sentence));
    }
}
