package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** The counts of the responses to a load, by the instance that responded. Thread-safe. */
final class Responders {
    /** Enough responses in a row to say which instances respond now: every instance had its turn several times. */
    private static final long WINDOW = 60;

    private final Map<Long, LongAdder> responses = new ConcurrentHashMap<>();

    /** Counts a response of the instance with this process id. */
    void count(long pid) {
        responses.computeIfAbsent(pid, first -> new LongAdder()).increment();
    }

    /** Responses so far, by the pid of the instance. */
    Map<Long, Long> responses() {
        Map<Long, Long> now = new HashMap<>();
        responses.forEach((pid, count) -> now.put(pid, count.sum()));
        return now;
    }

    long total() {
        return responses().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Waits until so many more responses have come. */
    void awaitMore(long count) {
        long enough = total() + count;
        Soon.isTrue(count + " more responses", () -> total() >= enough);
    }

    /** Waits until each of these has responded since now. */
    void awaitResponsesFromEach(ServiceProcess... services) {
        Map<Long, Long> before = responses();
        Soon.holds("responses from each of " + Arrays.toString(services), () -> assertThat(newSince(before))
                .containsAll(pids(services)));
    }

    /** Waits until a good number of responses in a row came from these and from no other, and from each of them. */
    void awaitResponsesOnlyFrom(ServiceProcess... services) {
        Soon.holds("responses from none but " + Arrays.toString(services), () -> {
            Map<Long, Long> before = responses();
            awaitMore(WINDOW);
            assertThat(newSince(before)).isEqualTo(pids(services));
        });
    }

    private Set<Long> newSince(Map<Long, Long> before) {
        return responses().entrySet().stream()
                .filter(entry -> entry.getValue() > before.getOrDefault(entry.getKey(), 0L))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Set<Long> pids(ServiceProcess... services) {
        return Arrays.stream(services).map(ServiceProcess::pid).collect(Collectors.toSet());
    }
}
