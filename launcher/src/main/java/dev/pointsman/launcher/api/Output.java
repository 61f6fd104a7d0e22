package dev.pointsman.launcher.api;

/** The port that takes the output of instances. Thread-safe; must not block for long, because an instance whose output is not read stops. */
public interface Output {
    /** One line of an instance's standard output or standard error, without its end. */
    void line(String type, String id, String line);
}
