package dev.pointsman.canary;

import dev.pointsman.canary.CanaryEvent.CanaryEventKind;
import dev.pointsman.pool.PoolTime;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.OneLine;
import dev.pointsman.registry.ServiceView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The canaries of one pool: it finds them in the tags of instances, gives each its share of the users, raises it by the ramp,
 * and takes it away when the canary does worse than the others. A version that was aborted stays so, also when it leaves and
 * comes back, until it is readmitted; a new version is a new trial. Thread-safe.
 *
 * <p>No timer runs here: {@link #tick} is to be called a few times a second.
 */
public final class CanaryControl {
    private static final Logger log = LoggerFactory.getLogger(CanaryControl.class);

    /** How long a canary waits to hear what other balancers know of it, before it begins. */
    static final Duration HEARING = Duration.ofSeconds(5);

    /** How many versions are remembered that have no instance any more. */
    private static final int REMEMBERED = 20;

    private final String target;
    private final CanaryOptions options;
    private final CanaryPicks picks;
    private final Supplier<List<Upstream>> upstreams;
    private final PoolTime time;
    private final CanaryAgreement agreement;
    private final Predicate<String> isNew;
    private final Consumer<CanaryEvent> listener;
    private final Map<String, Trial> trials = new TreeMap<>();
    private final AttemptCounts others;

    private CanaryAgreement.@Nullable AgreedTarget following;
    private @Nullable Instant hearingUntil;
    private boolean tooMuchSaid;

    /** Whether any version has an instance: what most pools say in each tick. */
    private volatile boolean active;

    /**
     * The control of a pool without canaries, so far.
     *
     * @param picks the pool's policy
     * @param upstreams the pool's upstreams at this moment
     * @param agreement what other balancers are told, and tell
     * @param isNew whether a problem, as its text, was not said yet by another pool of this process
     * @param listener called with each event; must not block
     */
    public CanaryControl(
            String target,
            CanaryOptions options,
            CanaryPicks picks,
            Supplier<List<Upstream>> upstreams,
            PoolTime time,
            CanaryAgreement agreement,
            Predicate<String> isNew,
            Consumer<CanaryEvent> listener) {
        this.target = target;
        this.options = options;
        this.picks = picks;
        this.upstreams = upstreams;
        this.time = time;
        this.agreement = agreement;
        this.isNew = isNew;
        this.listener = listener;
        this.others = new AttemptCounts(time.nanos());
    }

    /** The tag or service name of the pool. */
    public String target() {
        return target;
    }

    /** Takes over a view of the registry; to be called before the pool takes it over. */
    public synchronized void take(ServiceView view) {
        Map<String, Integer> shares = shares(view);
        if (shares.isEmpty() && !active) {
            return;
        }
        List<Trial> left = trials.values().stream()
                .filter(trial -> trial.isPresent() && !shares.containsKey(trial.version()))
                .toList();
        List<Trial> begun = new ArrayList<>();
        List<Trial> changed = new ArrayList<>();
        left.forEach(trial -> trial.tagged(Trial.ABSENT));
        shares.forEach((version, share) -> {
            Trial trial = trials.computeIfAbsent(version, added -> trial(added, CanaryState.first(now())));
            if (!trial.isPresent()) {
                begun.add(trial);
            } else if (!trial.isAborted() && !trial.isTagged(share)) {
                changed.add(trial);
            }
            trial.tagged(share);
        });
        active = !shares.isEmpty();
        hear();
        use();
        forget();
        left.forEach(trial -> say(trial, CanaryEventKind.LEFT, ""));
        changed.forEach(trial -> say(trial, CanaryEventKind.SHARE, "its tags say so now"));
        begun.forEach(trial -> say(
                trial,
                CanaryEventKind.STARTED,
                trial.isAborted() ? "it stays aborted until it is readmitted or another version comes" : ""));
    }

    /** The share of each version by its tags: where instances differ, the smallest one. */
    private Map<String, Integer> shares(ServiceView view) {
        Map<String, Integer> shares = new TreeMap<>();
        for (Instance instance : view.instances()) {
            CanaryTag tag = CanaryTag.of(instance);
            if (tag != null) {
                shares.merge(tag.version(), tag.share(), Math::min);
            } else {
                warnOfMalformed(instance);
            }
        }
        return shares;
    }

    private void warnOfMalformed(Instance instance) {
        String malformed = CanaryTag.malformed(instance);
        if (malformed != null && isNew.test(instance.key() + " " + malformed)) {
            log.warn(
                    "service {}, instance {}: tag {} (expected: {}); the instance counts as no canary",
                    OneLine.of(instance.service()),
                    OneLine.of(instance.key().toString()),
                    OneLine.of(malformed),
                    CanaryTag.EXPECTED);
        }
    }

    private Trial trial(String version, CanaryState state) {
        return new Trial(version, options, others, state, time.nanos());
    }

    /** Listens to other balancers from the first canary on. */
    private void hear() {
        if (following == null) {
            hearingUntil = now().plus(HEARING);
            following = agreement.follow(target, this::agreed);
        } else {
            share();
        }
    }

    /** Tells other balancers what they may not know. */
    private void share() {
        Map<String, CanaryState> states = trials.values().stream()
                .filter(Trial::isPresent)
                .collect(Collectors.toMap(Trial::version, Trial::state));
        if (!states.isEmpty()) {
            agreement.propose(target, states);
        }
    }

    private synchronized void agreed(Map<String, CanaryState> states) {
        hearingUntil = null;
        boolean more = false;
        for (Map.Entry<String, CanaryState> each : states.entrySet()) {
            Trial trial = trials.computeIfAbsent(each.getKey(), version -> trial(version, each.getValue()));
            CanaryState before = trial.state();
            CanaryState both = before.with(each.getValue());
            more |= trial.isPresent() && !both.equals(each.getValue());
            trial.become(both);
            if (trial.isPresent()) {
                sayWhatOthersDid(trial, before);
            }
        }
        more |= trials.values().stream().anyMatch(trial -> trial.isPresent() && !states.containsKey(trial.version()));
        use();
        if (more) {
            share();
        }
    }

    private void sayWhatOthersDid(Trial trial, CanaryState before) {
        CanaryState.CanaryAbort abort = trial.state().aborted();
        if (before.aborted() == null && abort != null) {
            use();
            say(trial, CanaryEventKind.ABORTED, "another balancer found: " + abort.reason());
        } else if (before.aborted() != null && abort == null) {
            use();
            say(trial, CanaryEventKind.READMITTED, "");
        }
    }

    /** Lays the shares side by side, and has the picks go by them. */
    private void use() {
        List<Trial> present = trials.values().stream().filter(Trial::isPresent).toList();
        boolean waiting = hearingUntil != null && now().isBefore(hearingUntil);
        int sum = waiting ? 0 : present.stream().mapToInt(Trial::wanted).sum();
        sayIfTooMuch(present, sum);
        int low = 0;
        int high = UserBuckets.COUNT;
        boolean fromBelow = true;
        for (Trial trial : present) {
            int wanted = waiting ? 0 : trial.wanted();
            int share = sum > UserBuckets.COUNT ? (int) ((long) wanted * UserBuckets.COUNT / sum) : wanted;
            // The first one grows from below and the second one from above, so that neither moves the other's users.
            if (fromBelow || share == 0) {
                trial.group().serve(low, low + share);
                low += share;
            } else {
                trial.group().serve(high - share, high);
                high -= share;
            }
            fromBelow = !fromBelow;
        }
        picks.use(
                present.isEmpty()
                        ? null
                        : new CanarySet(
                                present.stream().collect(Collectors.toMap(Trial::version, Trial::group)), others));
    }

    private void sayIfTooMuch(List<Trial> present, int sum) {
        boolean tooMuch = sum > UserBuckets.COUNT;
        if (tooMuch && !tooMuchSaid) {
            log.warn(
                    "{}: its canaries want {} of the users together: {} (expected: 100% at most); each gets"
                            + " proportionally less",
                    OneLine.of(target),
                    CanaryTag.written(sum),
                    present.stream()
                            .map(trial -> OneLine.of(trial.version()) + " " + CanaryTag.written(trial.wanted()))
                            .collect(Collectors.joining(", ")));
        }
        tooMuchSaid = tooMuch;
    }

    private void forget() {
        List<Trial> gone = trials.values().stream()
                .filter(trial -> !trial.isPresent())
                .sorted(Comparator.comparing(trial -> trial.state().since()))
                .toList();
        gone.stream().limit(Math.max(0, gone.size() - REMEMBERED)).forEach(trial -> trials.remove(trial.version()));
    }

    /** Compares the canaries with the others, and goes a step further where it is time. */
    public void tick() {
        if (active) {
            tickNow();
        }
    }

    private synchronized void tickNow() {
        Instant now = now();
        if (hearingUntil != null && !now.isBefore(hearingUntil)) {
            hearingUntil = null;
            use();
        }
        List<Upstream> known = upstreams.get();
        for (Trial trial : new ArrayList<>(trials.values())) {
            if (!trial.isPresent()) {
                continue;
            }
            String why = trial.verdict(known);
            if (why != null) {
                change(trial, trial.state().abort(now, why), CanaryEventKind.ABORTED, why);
            } else if (hearingUntil == null && trial.isStepOver(now, known)) {
                change(trial, trial.state().nextStep(now), CanaryEventKind.SHARE, "the next step of its ramp");
            }
        }
    }

    private void change(Trial trial, CanaryState next, CanaryEventKind kind, String reason) {
        trial.become(next);
        use();
        say(trial, kind, reason);
        share();
    }

    /**
     * Gives an aborted version another chance, from the first step of its ramp on.
     *
     * @return whether there is such a version, and it was aborted
     */
    public synchronized boolean readmit(String version) {
        Trial trial = trials.get(version);
        if (trial == null || !trial.isAborted()) {
            return false;
        }
        change(trial, trial.state().readmit(now()), CanaryEventKind.READMITTED, "by request");
        return true;
    }

    /** The versions that have instances. */
    public synchronized List<CanaryView> views() {
        return trials.values().stream()
                .filter(Trial::isPresent)
                .map(Trial::view)
                .toList();
    }

    /** Ends the listening to other balancers. */
    public synchronized void close() {
        active = false;
        if (following != null) {
            following.close();
            following = null;
        }
    }

    private Instant now() {
        return time.wall().instant();
    }

    private void say(Trial trial, CanaryEventKind kind, String reason) {
        String share = CanaryTag.written(trial.isPresent() ? trial.group().share() : 0);
        String version = OneLine.of(trial.version());
        String pool = OneLine.of(target);
        switch (kind) {
            case STARTED ->
                log.info(
                        "{}: canary {} gets {} of the users by {}{}",
                        pool,
                        version,
                        share,
                        options.by(),
                        reason.isEmpty() ? "" : ": " + reason);
            case SHARE -> log.info("{}: canary {} gets {} of the users: {}", pool, version, share, reason);
            case ABORTED ->
                log.warn(
                        "{}: canary {} is aborted and gets no users any more: {}",
                        pool,
                        version,
                        OneLine.of(reason, 400));
            case READMITTED -> log.info("{}: canary {} is readmitted, with {} of the users", pool, version, share);
            case LEFT -> log.info("{}: no instance of canary {} is listed any more", pool, version);
        }
        listener.accept(new CanaryEvent(target, trial.version(), kind, share, reason));
    }
}
