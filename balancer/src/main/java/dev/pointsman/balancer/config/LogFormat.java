package dev.pointsman.balancer.config;

/** The forms of the process's own log. */
public enum LogFormat {
    /** A line of text for each event. */
    TEXT,
    /** A JSON object, on one line, for each event. */
    JSON
}
