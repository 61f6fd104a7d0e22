package dev.pointsman.launcher.process;

import java.util.List;
import java.util.Map;

/**
 * By what a process is known as one of ours wherever it went: environment variables, which children inherit through forks,
 * new sessions and new parents.
 *
 * @param variables each {@code NAME=value}; a process carries the mark when it has all of them
 */
record Mark(List<String> variables) {
    /** The launcher's own name. */
    static final String LAUNCHER = "POINTSMAN_LAUNCHER";

    /** The instance's id. */
    static final String ID = "POINTSMAN_ID";

    /** Everything that a launcher started. */
    static Mark of(String launcher) {
        return new Mark(List.of(LAUNCHER + "=" + launcher));
    }

    /** Everything that belongs to one instance of a launcher. */
    static Mark of(String launcher, String id) {
        return new Mark(List.of(LAUNCHER + "=" + launcher, ID + "=" + id));
    }

    /** Whether an environment, each variable between two NULs, has all of the variables. */
    boolean isIn(String environment) {
        return variables.stream().allMatch(variable -> environment.contains("\0" + variable + "\0"));
    }

    void putInto(Map<String, String> environment) {
        for (String variable : variables) {
            int equals = variable.indexOf('=');
            environment.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
    }
}
