package dev.pointsman.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A section of a page of documentation that is made from code, between {@code <!-- generated: NAME -->} and
 * {@code <!-- end -->}. A test compares it with what the code says; run with {@code -Dpointsman.docs=write}, it writes it.
 *
 * @param page the page's name in the folder {@code docs}
 * @param name the section's name in the page
 */
public record GeneratedSection(String page, String name) {
    private static final String END = "<!-- end -->";

    /**
     * The section as it stands in the page, after it was brought up to date where that is asked for.
     *
     * @param made what the code says
     */
    public String text(String made) throws IOException {
        Path file = Path.of("..", "docs", page);
        String text = Files.readString(file);
        String marker = "<!-- generated: " + name + " -->\n";
        int start = text.indexOf(marker) + marker.length();
        int end = text.indexOf(END, start);
        if (start < marker.length() || end < 0) {
            throw new IOException(
                    page + " has no section " + name + " (expected: " + marker.strip() + " and " + END + ")");
        }
        if ("write".equals(System.getProperty("pointsman.docs"))) {
            Files.writeString(file, text.substring(0, start) + made + text.substring(end));
            return made;
        }
        return text.substring(start, end);
    }
}
