package dev.pointsman.cli;

import dev.pointsman.cli.TopLine.Tone;
import java.util.List;
import java.util.Map;

/** Frames as what a terminal is sent to show them, with escape codes of ECMA-48. Immutable. */
final class TopPainter {
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String CLEAR = "\u001b[2J";

    private final boolean isColoured;

    /** @param environment where NO_COLOR, if it is not empty, asks for no colours (no-color.org) */
    TopPainter(Map<String, String> environment) {
        this.isColoured = environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /**
     * A frame.
     *
     * @param lines none wider than the terminal, and together no higher
     * @param isAnew whether nothing of what stands there counts, as when the size has changed
     */
    String frame(List<TopLine> lines, TerminalSize size, boolean isAnew) {
        StringBuilder frame = new StringBuilder(isAnew ? CLEAR : "").append(HOME);
        for (int i = 0; i < lines.size(); i++) {
            TopLine line = lines.get(i);
            boolean isPlain = !isColoured || line.tone() == Tone.PLAIN;
            frame.append(i == 0 ? "" : "\r\n")
                    .append(isPlain ? "" : "\u001b[" + line.tone().attributes() + "m")
                    .append(line.text())
                    .append(isPlain ? "" : "\u001b[0m")
                    // Behind a line that is full the cursor still stands on its last character, which this would clear.
                    .append(DisplayWidth.of(line.text()) < size.columns() ? CLEAR_LINE : "");
        }
        return frame.append(lines.size() < size.rows() ? CLEAR_BELOW : "").toString();
    }
}
