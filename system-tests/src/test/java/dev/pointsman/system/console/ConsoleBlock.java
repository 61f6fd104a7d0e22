package dev.pointsman.system.console;

import java.util.List;

/**
 * Something to be done for a page: a block with commands, a file to be written, or Ctrl-C in a terminal.
 *
 * @param place the page and the line, for messages
 * @param lines what stands in the block; none where the directive stands alone
 */
record ConsoleBlock(String place, Directive directive, List<String> lines) {
    ConsoleBlock {
        lines = List.copyOf(lines);
    }

    /** The file's content. */
    String content() {
        return String.join("\n", lines) + "\n";
    }
}
