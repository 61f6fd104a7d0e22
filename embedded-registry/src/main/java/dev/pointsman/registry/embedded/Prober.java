package dev.pointsman.registry.embedded;

import java.util.function.Consumer;

/** Runs one HTTP or TCP check once. */
@FunctionalInterface
interface Prober {
    /** What came of it, with words for the operator. */
    record Result(CheckStatus status, String output) {}

    /**
     * Runs it.
     *
     * @param done is called once, on the registry's context, at the latest when the check's timeout is over
     */
    void probe(CheckDefinition check, Consumer<Result> done);
}
