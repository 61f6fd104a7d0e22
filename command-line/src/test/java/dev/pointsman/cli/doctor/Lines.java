package dev.pointsman.cli.doctor;

import java.util.List;

/** Findings as a reader sees them: {@code error check: what}. */
final class Lines {
    private Lines() {}

    static List<String> of(Checkup checkup) throws InterruptedException {
        return of(checkup.findings());
    }

    static List<String> of(List<Finding> findings) {
        return findings.stream()
                .map(each -> each.level().id() + " " + each.check().id() + ": " + each.what())
                .toList();
    }
}
