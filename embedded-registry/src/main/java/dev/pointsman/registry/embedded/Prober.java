package dev.pointsman.registry.embedded;

import java.util.function.Consumer;

/** A runner of HTTP and TCP checks: one check, once. */
@FunctionalInterface
interface Prober {
    /** The outcome of one run, with words for the operator. */
    record ProbeResult(CheckStatus status, String output) {}

    /**
     * Runs it.
     *
     * @param done is called once, on the registry's context, at the latest when the check's timeout is over
     */
    void probe(CheckDefinition check, Consumer<ProbeResult> done);
}
