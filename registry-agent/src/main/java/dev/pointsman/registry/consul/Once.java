package dev.pointsman.registry.consul;

import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;

/** Says a lasting thing once; when it was over and comes again, once more. */
final class Once {
    private final Consumer<String> say;
    private Set<String> said = Set.of();

    Once(Consumer<String> say) {
        this.say = say;
    }

    /** Says those of the sentences that did not hold the last time. */
    void say(Collection<String> holding) {
        Set<String> now = Set.copyOf(holding);
        now.stream().filter(sentence -> !said.contains(sentence)).sorted().forEach(say);
        said = now;
    }
}
