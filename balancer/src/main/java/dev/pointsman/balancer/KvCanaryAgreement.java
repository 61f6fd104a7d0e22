package dev.pointsman.balancer;

import dev.pointsman.canary.CanaryAgreement;
import dev.pointsman.canary.CanaryState;
import dev.pointsman.registry.Following;
import dev.pointsman.registry.KeyValueStore;
import dev.pointsman.registry.KvEntry;
import dev.pointsman.registry.KvView;
import dev.pointsman.registry.OneLine;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agreement of balancers by one key of Consul's KV for each target, {@code PREFIX/TARGET}. A state is joined with what the
 * key holds and written if nobody has written meanwhile, else once more: no balancer can undo what another one found. While the
 * registry cannot be reached, each goes on by what it knows. Thread-safe.
 */
final class KvCanaryAgreement implements CanaryAgreement {
    private static final Logger log = LoggerFactory.getLogger(KvCanaryAgreement.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    /** Others are writing at this moment. */
    private static final Duration AFTER_CONFLICT = Duration.ofMillis(50);

    private final Supplier<KeyValueStore> store;
    private final String prefix;
    private final BiConsumer<Duration, Runnable> later;

    /** What is still to be written, by key. */
    private final Map<String, Map<String, CanaryState>> pending = new HashMap<>();

    private final Set<String> writing = new HashSet<>();
    private final Set<String> unreadable = new HashSet<>();

    /**
     * An agreement.
     *
     * @param store asked for first when there is a canary
     * @param prefix of the keys, without a slash at its end
     * @param later runs a task after a time
     */
    KvCanaryAgreement(Supplier<KeyValueStore> store, String prefix, BiConsumer<Duration, Runnable> later) {
        this.store = store;
        this.prefix = prefix;
        this.later = later;
    }

    /** The key of a target, which may hold anything. */
    private String key(String target) {
        String name = URLEncoder.encode(target, StandardCharsets.UTF_8).replace("+", "%20");
        return prefix + "/" + (name.startsWith(".") ? "%2E" + name.substring(1) : name);
    }

    @Override
    public AgreedTarget follow(String target, Consumer<Map<String, CanaryState>> listener) {
        String key = key(target);
        Following<KvView> following = store.get().watchKey(key, view -> listener.accept(states(key, view.get(key))));
        return following::close;
    }

    @Override
    public void propose(String target, Map<String, CanaryState> states) {
        String key = key(target);
        synchronized (pending) {
            Map<String, CanaryState> known = pending.computeIfAbsent(key, none -> new HashMap<>());
            states.forEach((version, state) -> known.merge(version, state, CanaryState::with));
            if (!writing.add(key)) {
                return;
            }
        }
        write(key);
    }

    private void write(String key) {
        Map<String, CanaryState> proposed;
        synchronized (pending) {
            proposed = pending.remove(key);
            if (proposed == null) {
                writing.remove(key);
                return;
            }
        }
        store.get()
                .get(key)
                .thenCompose(entry -> {
                    Map<String, CanaryState> agreed = states(key, entry);
                    Map<String, CanaryState> joined = new HashMap<>(agreed);
                    proposed.forEach((version, state) -> joined.merge(version, state, CanaryState::with));
                    return joined.equals(agreed)
                            ? CompletableFuture.completedStage(true)
                            : store.get()
                                    .putIf(
                                            key,
                                            CanaryDocument.write(joined, proposed.keySet()),
                                            entry.map(KvEntry::modifyIndex).orElse(0L));
                })
                .whenComplete((written, failure) -> {
                    if (failure != null) {
                        log.debug("{}: {}", OneLine.of(key), OneLine.of(failure.toString()));
                        again(key, proposed, AFTER_FAILURE);
                    } else if (written) {
                        write(key);
                    } else {
                        again(key, proposed, AFTER_CONFLICT);
                    }
                });
    }

    private void again(String key, Map<String, CanaryState> proposed, Duration after) {
        synchronized (pending) {
            Map<String, CanaryState> known = pending.computeIfAbsent(key, none -> new HashMap<>());
            proposed.forEach((version, state) -> known.merge(version, state, CanaryState::with));
        }
        later.accept(after, () -> write(key));
    }

    private Map<String, CanaryState> states(String key, Optional<KvEntry> entry) {
        if (entry.isEmpty()) {
            return Map.of();
        }
        Optional<Map<String, CanaryState>> states = entry.get().text().flatMap(CanaryDocument::read);
        synchronized (pending) {
            if (states.isPresent()) {
                unreadable.remove(key);
            } else if (unreadable.add(key)) {
                log.warn(
                        "KV {}: not a document about canaries (expected: a JSON object of versions); it counts as empty, and"
                                + " is replaced as soon as there is something to agree on",
                        OneLine.of(key));
            }
        }
        return states.orElse(Map.of());
    }
}
