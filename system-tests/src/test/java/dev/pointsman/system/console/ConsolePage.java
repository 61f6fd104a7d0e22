package dev.pointsman.system.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A page of the documentation, by its console blocks.
 *
 * @param notRun the blocks that are not run, each with its place and the reason
 */
record ConsolePage(List<ConsoleAct> acts, List<String> notRun) {
    private static final String FENCE = "```";

    ConsolePage {
        acts = List.copyOf(acts);
        notRun = List.copyOf(notRun);
    }

    static ConsolePage read(String name, Path file) throws IOException {
        return parse(name, Files.readAllLines(file));
    }

    /**
     * Reads a page.
     *
     * @param name what it is called in messages
     * @throws IllegalArgumentException if a directive has no meaning
     */
    static ConsolePage parse(String name, List<String> lines) {
        Reader reader = new Reader(name);
        int i = 0;
        while (i < lines.size()) {
            i = reader.take(lines, i);
        }
        reader.endAct();
        return new ConsolePage(reader.acts, reader.notRun);
    }

    /** What has been read so far. */
    private static final class Reader {
        private final String name;
        private final List<ConsoleAct> acts = new ArrayList<>();
        private final List<String> notRun = new ArrayList<>();
        private final List<ConsoleBlock> blocks = new ArrayList<>();
        private String heading = "";
        private String actHeading = "";

        Reader(String name) {
            this.name = name;
        }

        /** Takes what begins at a line, and returns the number of the line behind it. */
        int take(List<String> lines, int i) {
            String line = lines.get(i);
            if (line.startsWith("#")) {
                heading = line.replaceFirst("#+ ", "");
            }
            Optional<Directive> directive = Directive.parse(line);
            boolean isAlone = directive.isPresent()
                    && (i + 1 == lines.size() || !lines.get(i + 1).startsWith(FENCE));
            if (isAlone) {
                add(new ConsoleBlock(name + ":" + (i + 1), directive.get(), List.of()));
                return i + 1;
            }
            int fence = directive.isPresent() ? i + 1 : i;
            if (!lines.get(fence).startsWith(FENCE)) {
                return i + 1;
            }
            int end = fence + 1;
            while (end < lines.size() && !lines.get(end).startsWith(FENCE)) {
                end++;
            }
            if (directive.isPresent() || lines.get(fence).equals(FENCE + "console")) {
                add(new ConsoleBlock(
                        name + ":" + (fence + 1), directive.orElse(Directive.NONE), lines.subList(fence + 1, end)));
            }
            return end + 1;
        }

        private void add(ConsoleBlock block) {
            Optional<String> reason = block.directive().get("not-run");
            if (reason.isPresent()) {
                if (reason.get().isBlank()) {
                    throw new IllegalArgumentException(block.place() + ": not-run (expected: not-run=\"REASON\")");
                }
                notRun.add(block.place() + ": " + reason.get());
                return;
            }
            if (block.directive().has("afresh")) {
                endAct();
            }
            if (blocks.isEmpty()) {
                actHeading = heading;
            }
            blocks.add(block);
        }

        void endAct() {
            if (!blocks.isEmpty()) {
                acts.add(new ConsoleAct(name + ": " + actHeading, blocks));
                blocks.clear();
            }
        }
    }
}
