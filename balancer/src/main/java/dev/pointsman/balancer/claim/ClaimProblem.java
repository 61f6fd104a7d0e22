package dev.pointsman.balancer.claim;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.OneLine;

/**
 * An announcement that has no effect, or not all that it asks for. Immutable.
 *
 * @param service the service's name
 * @param instance who announces it
 * @param tag the tag, or the text in the metadata
 * @param problem what is wrong with it and what was expected, as the end of a sentence
 */
public record ClaimProblem(String service, InstanceKey instance, String tag, String problem) {
    /** Enough for all names that could have been meant. */
    private static final int LONGEST = 2000;

    static ClaimProblem of(Instance instance, String tag, String problem) {
        return new ClaimProblem(instance.service(), instance.key(), tag, problem);
    }

    /** The sentence for all instances of the service that announce the same, in one line. */
    public String ofService() {
        return "service " + OneLine.of(service) + ", tag \"" + OneLine.of(tag) + "\": " + OneLine.of(problem, LONGEST);
    }

    /** The whole sentence, in one line. */
    @Override
    public String toString() {
        return "service " + OneLine.of(service) + ", instance " + OneLine.of(instance.toString()) + ", tag \""
                + OneLine.of(tag) + "\": " + OneLine.of(problem, LONGEST);
    }
}
