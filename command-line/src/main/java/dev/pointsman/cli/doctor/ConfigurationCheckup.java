package dev.pointsman.cli.doctor;

import java.util.List;

/** What is wrong with the configuration itself, as {@code pointsman check} says it. */
final class ConfigurationCheckup implements Checkup {
    private final String where;
    private final List<String> problems;
    private final int routes;

    /**
     * What was read.
     *
     * @param where the file; else that there is none
     * @param problems a sentence each
     */
    ConfigurationCheckup(String where, List<String> problems, int routes) {
        this.where = where;
        this.problems = List.copyOf(problems);
        this.routes = routes;
    }

    @Override
    public List<Finding> findings() {
        return problems.isEmpty()
                ? List.of(Finding.ok(DoctorCheck.CONFIGURATION, where, "can be used; " + routes + " routes"))
                : Checkup.firstOf(problems.stream()
                        .map(problem -> Finding.error(
                                DoctorCheck.CONFIGURATION,
                                where,
                                problem,
                                "a balancer does not start with it, and one that runs does not take it over",
                                "correct it; pointsman check says when it is right"))
                        .toList());
    }
}
