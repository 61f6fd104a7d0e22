package dev.pointsman.launcher.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** A meter of processor time and memory: shares of processor time come from two readings each. Confined to one thread. */
final class UsageMeter {
    /** A clock tick as {@code /proc} counts them: 1/100 s on every Linux that Java runs on (USER_HZ). */
    private static final long TICK_NANOS = 10_000_000;

    private static final long USUAL_PAGE = 4096;

    private final LongSupplier nanos;
    private final long page = pageSize();
    private final Map<Long, Reading> before = new HashMap<>();

    private record Reading(long ticks, long at) {}

    UsageMeter(LongSupplier nanos) {
        this.nanos = nanos;
    }

    Usage measure(long leader, List<ProcessStat> family) {
        long ticks = family.stream().mapToLong(ProcessStat::cpuTicks).sum();
        long memory =
                page * family.stream().mapToLong(ProcessStat::residentPages).sum();
        Reading now = new Reading(ticks, nanos.getAsLong());
        Reading last = before.put(leader, now);
        if (last == null || now.at == last.at) {
            return new Usage(0, memory);
        }
        // A process of the family that ended takes its time with it, so the sum may go down.
        long used = Math.max(0, now.ticks - last.ticks) * TICK_NANOS;
        return new Usage(100.0 * used / (now.at - last.at), memory);
    }

    /** The size of a page in bytes; arm64 has pages of 4, 16 or 64 KiB. */
    private static long pageSize() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/smaps"))) {
            return lines.filter(line -> line.startsWith("KernelPageSize:"))
                    .findFirst()
                    .map(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .orElse(USUAL_PAGE);
        } catch (IOException | UncheckedIOException | NumberFormatException unknown) {
            return USUAL_PAGE;
        }
    }

    void forgetAllBut(Set<Long> leaders) {
        before.keySet().retainAll(leaders);
    }
}
