package dev.pointsman.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Java that runs this, the one that {@code JAVA_HOME} names, and whether a balancer's heap has room in this container. Source: a
 * JDK that is too old is the first thing that fails on a fresh machine; a container that is smaller than the heap is killed by the kernel
 * without a word of ours, which the measurement behind issue 18 (259 MB for a balancer) makes likely below 400 MB.
 */
final class JavaCheckup implements Checkup {
    private static final int OLDEST = 17;
    /** As the start script has it. */
    private static final long USUAL_HEAP = 256L << 20;
    /** Code, classes, threads' stacks and buffers outside of the heap. */
    private static final long BESIDE_HEAP = 144L << 20;

    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(?:1\\.)?(\\d+)[^\"]*\"");
    private static final Pattern HEAP = Pattern.compile("-Xmx(\\d{1,9})([kKmMgGtT]?)(?=\\s|$)");

    private final MachineFolders machine;
    private final Map<String, String> environment;
    private final int running;

    /** @param running the feature number of the Java that runs this */
    JavaCheckup(MachineFolders machine, Map<String, String> environment, int running) {
        this.machine = machine;
        this.environment = environment;
        this.running = running;
    }

    @Override
    public List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        found.add(version());
        String home = environment.get("JAVA_HOME");
        if (home != null && !home.isBlank()) {
            int named = version(Path.of(home, "release"));
            if (named > 0 && named < OLDEST) {
                found.add(Finding.warning(
                        DoctorCheck.JAVA_VERSION,
                        "JAVA_HOME=" + home,
                        "names Java " + named,
                        "the start script takes that one, and needs " + OLDEST,
                        "set JAVA_HOME to a JDK " + OLDEST + " or newer"));
            }
        }
        found.add(memory());
        return found;
    }

    private Finding version() {
        return running >= OLDEST
                ? Finding.ok(DoctorCheck.JAVA_VERSION, "this process", "Java " + running)
                : Finding.error(
                        DoctorCheck.JAVA_VERSION,
                        "this process",
                        "Java " + running,
                        "Pointsman is compiled for " + OLDEST,
                        "install a JDK " + OLDEST + " or newer");
    }

    private static int version(Path release) {
        try {
            Matcher version = VERSION.matcher(Files.readString(release));
            return version.find() ? Integer.parseInt(version.group(1)) : -1;
        } catch (IOException | NumberFormatException unknown) {
            return -1;
        }
    }

    private Finding memory() {
        long container = machine.memoryLimit();
        long whole = machine.memory();
        boolean isContainer = container >= 0 && (whole < 0 || container < whole);
        long room = isContainer ? container : whole;
        Long own = heap(environment.get("POINTSMAN_JAVA_OPTS"));
        Long tool = heap(environment.get("JAVA_TOOL_OPTIONS"));
        long heap = own != null ? own : tool != null ? tool : USUAL_HEAP;
        String where = isContainer ? "the container's memory limit" : "this machine's memory";
        if (room < 0) {
            return Finding.note(
                    DoctorCheck.JAVA_MEMORY,
                    "this machine",
                    "does not say how much memory there is",
                    "a heap of " + megabytes(heap) + " and " + megabytes(BESIDE_HEAP) + " beside it need room",
                    "see to it that there is that much");
        }
        String what = megabytes(room) + " for a heap of up to " + megabytes(heap);
        return room >= heap + BESIDE_HEAP
                ? Finding.ok(DoctorCheck.JAVA_MEMORY, where, what)
                : Finding.warning(
                        DoctorCheck.JAVA_MEMORY,
                        where,
                        what,
                        "a JVM needs about " + megabytes(BESIDE_HEAP)
                                + " beside its heap, and the kernel kills what takes more than there is",
                        "give it " + megabytes(heap + BESIDE_HEAP)
                                + ", or set POINTSMAN_JAVA_OPTS=-Xmx to what is left");
    }

    /** The heap that options ask for: the last one counts; null where they say nothing. */
    private static @Nullable Long heap(@Nullable String options) {
        List<MatchResult> all =
                options == null ? List.of() : HEAP.matcher(options).results().toList();
        if (all.isEmpty()) {
            return null;
        }
        MatchResult last = all.get(all.size() - 1);
        int shift =
                switch (last.group(2)) {
                    case "k", "K" -> 10;
                    case "m", "M" -> 20;
                    case "g", "G" -> 30;
                    case "t", "T" -> 40;
                    default -> 0;
                };
        return Long.parseLong(last.group(1)) << shift;
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MB";
    }
}
