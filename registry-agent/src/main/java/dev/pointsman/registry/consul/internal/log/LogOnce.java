package dev.pointsman.registry.consul.internal.log;

import dev.pointsman.registry.OneLine;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;

/** A filter for log lines about a lasting condition: it is logged once, and once more when it was over and comes again. */
public final class LogOnce {
    /** Characters of a sentence, with two or three texts of the registry in it. */
    private static final int LONGEST = 600;

    private final Consumer<String> log;
    private Set<String> logged = Set.of();

    /** @param log takes each sentence */
    public LogOnce(Consumer<String> log) {
        this.log = log;
    }

    /** Logs the sentences that the last call did not have. */
    public void log(Collection<String> sentences) {
        Set<String> now = Set.copyOf(sentences);
        now.stream()
                .filter(sentence -> !logged.contains(sentence))
                .map(sentence -> OneLine.of(sentence, LONGEST))
                .sorted()
                .forEach(log);
        logged = now;
    }
}
