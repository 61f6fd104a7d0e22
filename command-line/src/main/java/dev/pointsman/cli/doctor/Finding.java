package dev.pointsman.cli.doctor;

import dev.pointsman.registry.OneLine;
import java.util.Locale;

/**
 * What one look found. Immutable; every text is one line, whatever the registry or a file had in it, and none holds a secret.
 *
 * @param level how bad it is
 * @param check what was looked at
 * @param where a file, an address, an instance
 * @param what is the case there, a sentence
 * @param why it matters, a sentence; empty where all is well
 * @param todo what to do, a sentence; empty where all is well
 */
public record Finding(FindingLevel level, DoctorCheck check, String where, String what, String why, String todo) {
    private static final int LONGEST = 600;

    /** How bad a finding is. */
    public enum FindingLevel {
        /** As it should be. */
        OK,
        /** Worth knowing; nothing is wrong. */
        NOTE,
        /** It works now, and will not under some load, failure or restart. */
        WARNING,
        /** Something does not work. */
        ERROR;

        /** The stable name, as programs read it. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Finding {
        where = OneLine.of(where, LONGEST);
        what = OneLine.of(what, LONGEST);
        why = OneLine.of(why, LONGEST);
        todo = OneLine.of(todo, LONGEST);
    }

    static Finding ok(DoctorCheck check, String where, String what) {
        return new Finding(FindingLevel.OK, check, where, what, "", "");
    }

    static Finding note(DoctorCheck check, String where, String what, String why, String todo) {
        return new Finding(FindingLevel.NOTE, check, where, what, why, todo);
    }

    static Finding warning(DoctorCheck check, String where, String what, String why, String todo) {
        return new Finding(FindingLevel.WARNING, check, where, what, why, todo);
    }

    static Finding error(DoctorCheck check, String where, String what, String why, String todo) {
        return new Finding(FindingLevel.ERROR, check, where, what, why, todo);
    }
}
