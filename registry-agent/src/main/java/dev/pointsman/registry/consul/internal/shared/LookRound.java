package dev.pointsman.registry.consul.internal.shared;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** The order in which services are looked at though nothing shows that they changed: one after the other, evenly. Not thread-safe. */
final class LookRound {
    private final Queue<String> services = new ArrayDeque<>();
    /** The part of a look that is due, as nothing but whole ones can be taken. */
    private double due;

    void add(String service) {
        services.add(service);
    }

    void remove(String service) {
        services.remove(service);
    }

    /** The services whose turn it is after this time, if a round is to take so long. */
    List<String> next(Duration passed, Duration round) {
        due = Math.min(services.size(), due + (double) services.size() * passed.toMillis() / round.toMillis());
        List<String> next = new ArrayList<>();
        for (; due >= 1; due--) {
            String service = services.remove();
            services.add(service);
            next.add(service);
        }
        return next;
    }
}
