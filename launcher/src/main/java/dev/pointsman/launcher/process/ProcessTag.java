package dev.pointsman.launcher.process;

import java.util.List;
import java.util.Map;

/**
 * The environment variables by which the processes of a launcher are known: children inherit them through forks, new sessions
 * and new parents.
 *
 * @param variables each {@code NAME=value}; a process carries the tag when it has all of them
 */
record ProcessTag(List<String> variables) {
    /** The launcher's own name. */
    static final String LAUNCHER = "POINTSMAN_LAUNCHER";

    /** The instance's id. */
    static final String ID = "POINTSMAN_ID";

    /** The tag of everything that a launcher started. */
    static ProcessTag of(String launcher) {
        return new ProcessTag(List.of(LAUNCHER + "=" + launcher));
    }

    /** The tag of everything that belongs to one instance of a launcher. */
    static ProcessTag of(String launcher, String id) {
        return new ProcessTag(List.of(LAUNCHER + "=" + launcher, ID + "=" + id));
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
