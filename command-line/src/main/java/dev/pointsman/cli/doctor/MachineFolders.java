package dev.pointsman.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Linux says of this machine and this process, see proc(5) and cgroups(7). Each question reads anew. Where there is no such
 * file (another system), the answer is that it is not known.
 *
 * @param proc {@code /proc}, or a folder that looks like it
 * @param sys {@code /sys}, likewise
 */
record MachineFolders(Path proc, Path sys) {
    static final MachineFolders REAL = new MachineFolders(Path.of("/proc"), Path.of("/sys"));

    private static final String DESCRIPTORS = "Max open files";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /** The text of a file below {@code /proc}; null if there is none. */
    @Nullable
    String text(String file) {
        return read(proc.resolve(file));
    }

    /** The number that a file below {@code /proc} has; -1 if there is none. */
    long number(String file) {
        return parsed(text(file));
    }

    private static @Nullable String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException notThere) {
            return null;
        }
    }

    private static long parsed(@Nullable String text) {
        return text != null && NUMBER.matcher(text.strip()).matches() ? Long.parseLong(text.strip()) : -1;
    }

    /** The most file descriptors that this process may have, to which a JVM raises its own limit; -1 if that is not known. */
    long descriptorLimit() {
        String limits = text("self/limits");
        return limits == null
                ? -1
                : limits.lines()
                        .filter(line -> line.startsWith(DESCRIPTORS))
                        .map(line -> BLANKS.split(
                                line.substring(DESCRIPTORS.length()).strip()))
                        .filter(numbers -> numbers.length > 1)
                        .mapToLong(numbers -> numbers[1].equals("unlimited") ? Long.MAX_VALUE : parsed(numbers[1]))
                        .findFirst()
                        .orElse(-1);
    }

    /** Bytes that the processes of this container may have together; -1 where there is no limit. */
    long memoryLimit() {
        long second = parsed(read(sys.resolve("fs/cgroup/memory.max")));
        long first = parsed(read(sys.resolve("fs/cgroup/memory/memory.limit_in_bytes")));
        long limit = second >= 0 ? second : first;
        // Version 1 has the largest multiple of a page that there is for none.
        return limit >= Long.MAX_VALUE / 4096 * 4096 || limit > 1L << 60 ? -1 : limit;
    }

    /** Bytes of memory of this machine; -1 if that is not known. */
    long memory() {
        String info = text("meminfo");
        return info == null
                ? -1
                : info.lines()
                        .filter(line -> line.startsWith("MemTotal:"))
                        .map(line -> BLANKS.split(line))
                        .filter(words -> words.length > 1)
                        .mapToLong(words -> 1024 * Math.max(0, parsed(words[1])))
                        .findFirst()
                        .orElse(-1);
    }

    /** Whether this process has the capability with this bit of capabilities(7). */
    boolean hasCapability(int bit) {
        String status = text("self/status");
        return status != null
                && status.lines()
                        .filter(line -> line.startsWith("CapEff:"))
                        .map(line -> line.substring("CapEff:".length()).strip())
                        .filter(bits -> bits.matches("[0-9a-fA-F]{1,16}"))
                        .anyMatch(bits -> (Long.parseUnsignedLong(bits, 16) >>> bit & 1) == 1);
    }
}
