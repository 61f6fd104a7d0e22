package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.instance;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.testkit.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A pool that picks the first that may be picked, on a clock that is moved by hand, and what it said. */
final class PoolUnderTest {
    final ManualTime time;
    final List<StateChange> said = new ArrayList<>();
    final Pool pool;

    PoolUnderTest(PoolOptions options) {
        this(options, new ManualTime());
    }

    PoolUnderTest(PoolOptions options, ManualTime time) {
        this.time = time;
        PickPolicy first = (ready, inFlight) -> (tried, request) -> ready.stream()
                .filter(upstream -> upstream.hasRoom() && !tried.contains(upstream))
                .findFirst()
                .orElse(null);
        pool = new Pool("svc", first, options, new PoolTime(time::nanos, time::instant), said::add);
    }

    /** With upstreams a0, a1, ... that pass their checks. */
    static PoolUnderTest of(int size, PoolOptions options) {
        PoolUnderTest made = new PoolUnderTest(options);
        made.view(IntStream.range(0, size)
                .mapToObj(i -> instance("a" + i, 1000 + i))
                .toArray(Instance[]::new));
        return made;
    }

    void view(Instance... instances) {
        pool.apply(new ServiceView("svc", List.of(instances)));
    }

    PoolSnapshot now() {
        return pool.snapshot();
    }

    /** The one with that id. */
    Upstream get(String id) {
        return now().upstreams().stream()
                .filter(upstream -> upstream.key().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    Availability state(String id) {
        return get(id).availability();
    }

    List<String> ready() {
        return ids(now().ready());
    }

    @Nullable
    String pick(String... tried) {
        Upstream picked = now().pick(List.of(tried).stream().map(this::get).toList(), RequestFacts.NONE, false);
        return picked == null ? null : picked.key().id();
    }

    Attempt begin() {
        return Objects.requireNonNull(now().begin(List.of(), RequestFacts.NONE, false), "no upstream was picked");
    }

    /** Attempts at the one, one after the other, that end so. */
    void attempts(String id, int count, Outcome outcome) {
        for (int i = 0; i < count; i++) {
            get(id).begin().end(outcome);
        }
    }

    /** Reasons of all that was said about the one. */
    List<String> reasons(String id) {
        return said.stream()
                .filter(change -> change.upstream().id().equals(id))
                .map(StateChange::reason)
                .toList();
    }

    static List<String> ids(List<Upstream> upstreams) {
        return upstreams.stream().map(upstream -> upstream.key().id()).toList();
    }
}
