package dev.pointsman.system.console;

import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The part of a page that is run as a whole, with nothing left of what was run before. */
record ConsoleAct(String name, List<ConsoleBlock> blocks) {
    ConsoleAct {
        blocks = List.copyOf(blocks);
    }

    /** The programs that it needs beside those that Pointsman itself needs. */
    SortedSet<String> needs() {
        SortedSet<String> needs = new TreeSet<>();
        blocks.forEach(block -> block.directive()
                .get("needs")
                .ifPresent(programs -> needs.addAll(Arrays.asList(programs.split(",", -1)))));
        return needs;
    }

    /** Its name, as a test is called by it. */
    @Override
    public String toString() {
        return name;
    }
}
