package dev.pointsman.balancer;

import dev.pointsman.canary.CanaryAgreement;
import dev.pointsman.canary.CanaryControl;
import dev.pointsman.canary.CanaryEvent;
import dev.pointsman.canary.CanaryOptions;
import dev.pointsman.canary.CanaryPicks;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The canaries of all pools. Thread-safe. */
final class Canaries {
    /** How many problems with tags are remembered as said. */
    private static final int PROBLEMS = 1_000;

    private final PoolTime time;
    private final CanaryAgreement agreement;
    private final Consumer<CanaryEvent> listener;
    private final List<CanaryControl> controls = new CopyOnWriteArrayList<>();
    private final Set<String> said =
            Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<String, Boolean>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > PROBLEMS;
                }
            }));

    /**
     * No canaries yet.
     *
     * @param agreement where balancers agree
     * @param listener called with each event, on any thread; must not block
     */
    Canaries(PoolTime time, CanaryAgreement agreement, Consumer<CanaryEvent> listener) {
        this.time = time;
        this.agreement = agreement;
        this.listener = listener;
    }

    /** Controls those of a pool until {@link #release}. */
    CanaryControl control(Pool pool, CanaryPicks picks, CanaryOptions options) {
        CanaryControl control = new CanaryControl(
                pool.target(), options, picks, () -> pool.snapshot().upstreams(), time, agreement, said::add, listener);
        controls.add(control);
        return control;
    }

    void release(CanaryControl control) {
        controls.remove(control);
        control.close();
    }

    /** To be called a few times a second: compares, and goes on with ramps. */
    void tick() {
        controls.forEach(CanaryControl::tick);
    }

    /**
     * Gives an aborted version another chance, in all pools of a target.
     *
     * @return whether any had aborted it
     */
    boolean readmit(String target, String version) {
        boolean any = false;
        for (CanaryControl control : controls) {
            any |= control.target().equals(target) && control.readmit(version);
        }
        return any;
    }
}
