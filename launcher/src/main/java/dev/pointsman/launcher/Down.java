package dev.pointsman.launcher;

import java.time.Duration;
import java.util.List;

/**
 * Why an instance is no more, unasked.
 *
 * @param reason as the end of a sentence that begins with its id
 * @param wasWell whether it ever was well; if not, its start failed
 * @param wellFor for how long; zero if it never was
 * @param lastLines the last that it printed, if its start failed
 */
record Down(String reason, boolean wasWell, Duration wellFor, List<String> lastLines) {}
