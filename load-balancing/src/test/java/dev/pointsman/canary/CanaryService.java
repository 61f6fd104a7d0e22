package dev.pointsman.canary;

import dev.pointsman.pick.Policy;
import dev.pointsman.pick.PolicyInputs;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.pool.PoolTime;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import dev.pointsman.testkit.ManualTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A pool with canaries, on a clock that is moved by hand: what one balancer makes of a service. */
final class CanaryService {
    final ManualTime time;
    final Pool pool;
    final CanaryControl control;
    final List<CanaryEvent> events = new ArrayList<>();
    private final Set<String> said = new HashSet<>();
    private final List<Instance> instances = new ArrayList<>();

    CanaryService() {
        this(CanaryOptions.DEFAULT);
    }

    CanaryService(CanaryOptions options) {
        this(options, PoolOptions.DEFAULT, CanaryAgreement.ALONE, new ManualTime());
    }

    CanaryService(CanaryOptions options, PoolOptions poolOptions, CanaryAgreement agreement, ManualTime time) {
        this.time = time;
        PoolTime clocks = new PoolTime(time::nanos, time::instant);
        PolicyInputs inputs = new PolicyInputs(() -> 12345, "a secret of some length");
        CanaryPicks picks = new CanaryPicks(options.by(), () -> Policy.DEFAULT.make(inputs));
        pool = new Pool("svc", picks, poolOptions, clocks, change -> {});
        control = new CanaryControl(
                "svc", options, picks, () -> pool.snapshot().upstreams(), clocks, agreement, said::add, events::add);
    }

    static Instance instance(String id, Health health, String... tags) {
        return new Instance(
                new InstanceKey("n1", id), "svc", "127.0.0.1", 1, List.of(tags), Map.of(), Weights.DEFAULT, health, "");
    }

    /** Lists an instance that passes its checks, or what is new about it. */
    CanaryService list(String id, String... tags) {
        return list(instance(id, Health.PASSING, tags));
    }

    CanaryService list(Instance instance) {
        instances.removeIf(listed -> listed.key().equals(instance.key()));
        instances.add(instance);
        return apply();
    }

    CanaryService remove(String id) {
        instances.removeIf(listed -> listed.key().id().equals(id));
        return apply();
    }

    private CanaryService apply() {
        ServiceView view = new ServiceView("svc", instances);
        control.take(view);
        pool.apply(view);
        return this;
    }

    /** The id of the instance that a user's request goes to, which is over at once; null if to none. */
    @Nullable
    String served(@Nullable String user) {
        Attempt attempt = begin(user);
        if (attempt == null) {
            return null;
        }
        attempt.responseBegan(Outcome.RESPONDED);
        attempt.end(Outcome.RESPONDED);
        return attempt.upstream().key().id();
    }

    @Nullable
    Attempt begin(@Nullable String user) {
        return pool.snapshot().begin(List.of(), new User(user), false);
    }

    /** Who is served by what, of so many users. */
    Map<String, String> served(int users) {
        Map<String, String> served = new TreeMap<>();
        IntStream.range(0, users).forEach(i -> served.put(user(i), Objects.requireNonNull(served(user(i)))));
        return served;
    }

    /** The part of so many users that is served by instances whose ids begin so. */
    double share(String id, int users) {
        return served(users).values().stream()
                        .filter(served -> served.startsWith(id))
                        .count()
                / (double) users;
    }

    static String user(int number) {
        return "10." + number / 62_500 + "." + number / 250 % 250 + "." + number % 250;
    }

    private record User(@Nullable String name) implements RequestFacts {
        @Override
        public @Nullable String clientAddress() {
            return name;
        }

        @Override
        public @Nullable String cookie(String wanted) {
            return wanted.equals("uid") ? name : null;
        }
    }
}
